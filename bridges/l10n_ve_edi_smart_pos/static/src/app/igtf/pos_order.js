import {accountTaxHelpers} from "@account/helpers/account_tax";
import {patch} from "@web/core/utils/patch";
import {PosConfig} from "@point_of_sale/app/models/pos_config";
import {PosOrder} from "@point_of_sale/app/models/pos_order";
import {PosOrderline} from "@point_of_sale/app/models/pos_order_line";
import {PosPayment} from "@point_of_sale/app/models/pos_payment";
import {baseToGiveBack, foreignPart, igtfOf} from "./igtf_math";

/** No IGTF: `base` and `tax` of what is collected, `backBase` and `backTax` of what is given back. */
const NONE = Object.freeze({base: 0, tax: 0, backBase: 0, backTax: 0});

/**
 * The IGTF is part of an order's total from the moment a payment asks for it. It becomes a line on
 * the server, when the order is paid; until then it is none, so that discounts, loyalty, kitchens
 * and split bills never meet it.
 */
patch(PosOrder.prototype, {
    /** The IGTF of this order, see `NONE`. */
    get smartIgtf() {
        return this._prices.smartIgtf || NONE;
    },

    /** The IGTF is no part of a subtotal. */
    get priceExcl() {
        return super.priceExcl - this.smartIgtf.tax + this.smartIgtf.backTax;
    },

    smartPaymentsChanged() {
        if (this.config._smart_igtf_product_id) {
            this.triggerRecomputeAllPrices();
        }
    },

    _computeAllPrices(opts = {}) {
        if (opts.lines || !this.config._smart_igtf_product_id) {
            return super._computeAllPrices(opts);
        }
        if (!opts.baseLineOpts) {
            this._prices.smartIgtf = this._smartComputeIgtf(
                (lines) => super._computeAllPrices({...opts, lines}).taxDetails
            );
        }
        return super._computeAllPrices({...opts, lines: this._smartLinesWithIgtf()});
    },

    _smartComputeIgtf(compute) {
        if (this.lines.some((line) => line.isSmartIgtf)) {
            return this._smartBookedIgtf();
        }
        const backBase = this._smartBaseToGiveBack(compute);
        const igtf = {...NONE, backBase, backTax: igtfOf(backBase)};
        if (!this.config._smart_collects_igtf) {
            return igtf;
        }
        const payments = this._smartPayments();
        if (!payments.some((payment) => payment.foreign)) {
            return igtf;
        }
        const lines = this._smartLinesWithIgtf(igtf);
        igtf.base = foreignPart(compute(lines).total_amount_no_rounding, payments);
        igtf.tax = igtfOf(igtf.base);
        return igtf;
    },

    /** The IGTF of an order that has come back from the server. */
    _smartBookedIgtf() {
        const igtf = {...NONE};
        for (const line of this.lines.filter((one) => one.isSmartIgtf)) {
            if (line.smart_igtf_base > 0) {
                igtf.base += line.smart_igtf_base;
                igtf.tax += line.price_unit * line.qty;
            } else {
                igtf.backBase -= line.smart_igtf_base;
                igtf.backTax -= line.price_unit * line.qty;
            }
        }
        return igtf;
    },

    /** Payments that count, in the order in which they were entered. */
    _smartPayments() {
        const entered = (payment) => (typeof payment.id === "number" ? payment.id : Infinity);
        return [...this.payment_ids]
            .filter((payment) => payment.isDone() && !payment.is_change)
            .sort((a, b) => (entered(a) === entered(b) ? 0 : entered(a) - entered(b)))
            .map((payment) => ({
                amount: payment.getAmount(),
                foreign: payment.payment_method_id.smart_collects_igtf,
            }));
    },

    /** The lines of the order, and what of its IGTF is no line yet. */
    _smartLinesWithIgtf(igtf = this.smartIgtf) {
        const lines = [...this.lines];
        if (lines.some((line) => line.isSmartIgtf)) {
            return lines;
        }
        for (const [name, amount] of [
            ["back", -igtf.backTax],
            ["collected", igtf.tax],
        ]) {
            if (amount) {
                const record = {uuid: `smart-igtf-${name}`};
                const values = {
                    quantity: 1,
                    price_unit: amount,
                    tax_ids: [],
                    currency_id: this.currency,
                    product_id: this.models["product.product"].get(
                        this.config._smart_igtf_product_id
                    ),
                    is_refund: amount < 0,
                };
                lines.push({
                    getBaseLine: () =>
                        accountTaxHelpers.prepare_base_line_for_taxes_computation(record, values),
                });
            }
        }
        return lines;
    },

    /** Of what base this return gives IGTF back. */
    _smartBaseToGiveBack(compute) {
        const sold = this.lines.find((line) => line.refunded_orderline_id)?.refunded_orderline_id
            .order_id;
        const igtf = sold?.lines.find((line) => line.isSmartIgtf && line.smart_igtf_base > 0);
        if (!igtf) {
            return 0;
        }
        const counts = (line) =>
            line.order_id === this ||
            (line.order_id?.finalized && line.order_id.state !== "cancel");
        let total = 0;
        let returned = 0;
        for (const line of sold.lines.filter((one) => !one.isSmartIgtf && one.qty)) {
            total += line.price_subtotal_incl;
            for (const taken of (line.refund_orderline_ids || []).filter(counts)) {
                returned -= (line.price_subtotal_incl * taken.qty) / line.qty;
            }
        }
        const here = this.lines.filter((line) => line.refunded_orderline_id?.order_id === sold);
        const given = (igtf.refund_orderline_ids || []).filter(counts);
        return baseToGiveBack(
            igtf.smart_igtf_base,
            igtf.price_subtotal_incl,
            total ? returned / total : 0,
            -compute(here).total_amount_no_rounding,
            given.reduce((sum, line) => sum - line.smart_igtf_base, 0),
            given.reduce((sum, line) => sum + Math.abs(line.price_subtotal_incl), 0)
        );
    },

    /** What is paid by a method that collects IGTF pays it too. */
    getDefaultAmountDueToPayIn(paymentMethod) {
        if (!this.config._smart_collects_igtf || !paymentMethod.smart_collects_igtf) {
            return super.getDefaultAmountDueToPayIn(...arguments);
        }
        const {config, currency, smartIgtf} = this;
        const total = this.priceIncl - smartIgtf.tax;
        const all = [...this._smartPayments(), {amount: total, foreign: true}];
        const withIgtf = currency.round(total + igtfOf(foreignPart(total, all)));
        const due = config.hasGlobalRounding ? config.rounding_method.round(withIgtf) : withIgtf;
        const left = currency.round(due - this.amountPaid);
        if (total <= 0 || left <= 0) {
            return super.getDefaultAmountDueToPayIn(...arguments);
        }
        return this.shouldRound(paymentMethod) ? config.rounding_method.round(left) : left;
    },

    addPaymentline(paymentMethod) {
        const result = super.addPaymentline(...arguments);
        this.smartPaymentsChanged();
        return result;
    },

    removePaymentline() {
        super.removePaymentline(...arguments);
        this.smartPaymentsChanged();
    },

    setOrderPrices() {
        this.smartPaymentsChanged();
        super.setOrderPrices(...arguments);
        if (this.config._smart_igtf_product_id) {
            this.smart_igtf_base = this.smartIgtf.base;
            this.smart_igtf_back_base = this.smartIgtf.backBase;
        }
    },

    /** Lines that are sold, or taken back. */
    getOrderlines() {
        const lines = super.getOrderlines(...arguments);
        return lines.some((line) => line.isSmartIgtf)
            ? lines.filter((line) => !line.isSmartIgtf)
            : lines;
    },
});

patch(PosOrderline.prototype, {
    get isSmartIgtf() {
        const product = this.config._smart_igtf_product_id;
        return Boolean(product && this.product_id?.id === product);
    },
});

patch(PosPayment.prototype, {
    setAmount() {
        super.setAmount(...arguments);
        this.pos_order_id.smartPaymentsChanged();
    },
    setPaymentStatus() {
        super.setPaymentStatus(...arguments);
        this.pos_order_id?.smartPaymentsChanged();
    },
});

patch(PosConfig.prototype, {
    /** However a payment comes, changes or goes: the IGTF follows it. */
    handlePricesComputation() {
        super.handlePricesComputation(...arguments);
        const payments = this.models["pos.payment"];
        const recompute = () => {
            for (const order of this.models["pos.order"].filter((one) => !one.finalized)) {
                order.smartPaymentsChanged();
            }
        };
        for (const event of ["create", "delete"]) {
            payments.addEventListener(event, recompute);
        }
    },
});
