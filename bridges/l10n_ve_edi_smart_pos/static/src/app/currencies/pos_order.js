import {formatCurrency} from "@web/core/currency";
import {formatFloat} from "@web/core/utils/numbers";
import {patch} from "@web/core/utils/patch";
import {PosOrder} from "@point_of_sale/app/models/pos_order";
import {PosPayment} from "@point_of_sale/app/models/pos_payment";
import {bolivares, convert} from "./convert";

patch(PosOrder.prototype, {
    get smartSecondCurrency() {
        return this.models["res.currency"].get(this.config._smart_second_currency_id);
    },

    /** Of the second currency and the order's own the one that is no bolívar. */
    get smartRatedCurrency() {
        const worth = bolivares(this.config);
        return [this.smartSecondCurrency, this.currency].find((one) => one && worth[one.id] !== 1);
    },

    /** What currencies are worth on this order: as its document states it, once it has one. */
    get smartWorth() {
        const worth = bolivares(this.config);
        const stated = this.smartDocuments.find((document) => document.rate);
        const rated = this.smartRatedCurrency;
        return stated && rated ? {...worth, [rated.id]: stated.rate} : worth;
    },

    /** An amount of this order in words of the second currency; "" if the shop shows none. */
    smartInSecondCurrency(amount) {
        const second = this.smartSecondCurrency;
        const converted =
            second && convert(this.config, amount, this.currency, second, this.smartWorth);
        return typeof converted === "number" ? formatCurrency(converted, second.id) : "";
    },

    /** The rate of the day in words: "1 USD = 40,5647 Bs."; "" if the shop shows none. */
    get smartRateOfTheDay() {
        const rated = this.smartRatedCurrency;
        const rate = rated && this.smartWorth[rated.id];
        if (!this.smartSecondCurrency || !rate) {
            return "";
        }
        return `1 ${rated.name} = ${formatFloat(rate, {digits: [16, 4]})} Bs.`;
    },

    /**
     * The till takes one line of cash, because of its rounding; a customer may well pay with
     * dollars and bolívares.
     */
    addPaymentline(paymentMethod) {
        const {config} = this;
        const cash = this.payment_ids.filter((line) => line.payment_method_id.is_cash_count);
        const isOther =
            config.smart_is_fiscal &&
            paymentMethod.is_cash_count &&
            cash.length &&
            cash.every(
                (line) =>
                    line.payment_method_id.smart_currency_id?.id !==
                    paymentMethod.smart_currency_id?.id
            );
        if (!isOther || this.electronicPaymentInProgress()) {
            return super.addPaymentline(...arguments);
        }
        this.assertEditable();
        const due = this.getDefaultAmountDueToPayIn(paymentMethod);
        const line = this.models["pos.payment"].create({
            pos_order_id: this,
            payment_method_id: paymentMethod,
        });
        this.selectPaymentline(line);
        line.setAmount(due);
        return {status: true, data: line};
    },

    setOrderPrices() {
        super.setOrderPrices(...arguments);
        for (const payment of this.payment_ids) {
            const foreign = payment.smartForeign;
            if (foreign) {
                payment.smart_foreign_amount = foreign.amount;
                payment.smart_rate = bolivares(this.config)[foreign.currency.id];
            }
        }
    },
});

patch(PosPayment.prototype, {
    /** What is paid in the currency of the method: `{currency, amount}`; null if it is the till's. */
    get smartForeign() {
        const currency = this.payment_method_id?.smart_currency_id;
        const order = this.pos_order_id;
        if (!currency || !order?.config.smart_is_fiscal || currency.id === order.currency.id) {
            return null;
        }
        const typed = this.smart_foreign_amount;
        if (typed && order.finalized) {
            // At whatever rate it was paid.
            return {currency, amount: typed};
        }
        const amount = convert(order.config, this.getAmount(), order.currency, currency);
        if (amount === null) {
            return null;
        }
        return {currency, amount: typed && this._smartStands(typed, currency) ? typed : amount};
    },

    /** Whether what was typed is what is paid, but for roundings. */
    _smartStands(typed, currency) {
        const {config, currency: own} = this.pos_order_id;
        const difference = convert(config, typed, currency, own) - this.getAmount();
        const rounding = config.cash_rounding ? config.rounding_method.rounding : 0;
        const step = convert(config, currency.rounding, currency, own);
        return Math.abs(difference) <= Math.max(step, rounding) + own.rounding / 2;
    },

    get smartForeignText() {
        const foreign = this.smartForeign;
        return foreign ? formatCurrency(foreign.amount, foreign.currency.id) : "";
    },

    /** Pay an amount in the currency of the method. What is due is paid exactly if it is that. */
    smartSetForeignAmount(typed) {
        const {currency} = this.smartForeign;
        const order = this.pos_order_id;
        const {config} = order;
        this.setAmount(0);
        const due = order.getDefaultAmountDueToPayIn(this.payment_method_id);
        let amount = convert(config, typed, currency, order.currency);
        if (typed === convert(config, due, order.currency, currency)) {
            amount = due;
        } else if (order.shouldRound(this.payment_method_id)) {
            amount = config.rounding_method.round(amount);
        }
        this.smart_foreign_amount = typed;
        this.setAmount(amount);
    },
});
