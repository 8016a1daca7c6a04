import { formatCurrency } from "@web/core/currency";
import { formatFloat } from "@web/core/utils/numbers";
import { patch } from "@web/core/utils/patch";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
import { PosPayment } from "@point_of_sale/app/models/pos_payment";
import { convert } from "./convert";

patch(PosOrder.prototype, {
    /** An amount of this order in words of the second currency; "" if the shop shows none. */
    smartInSecondCurrency(amount) {
        const { config } = this;
        const second = this.models["res.currency"].get(config._smart_second_currency_id);
        const converted = second && convert(config, amount, this.currency, second);
        return typeof converted === "number" ? formatCurrency(converted, second.id) : "";
    },

    /** The rate of the day in words: "1 USD = 40,5647 Bs."; "" if the shop shows none. */
    get smartRateOfTheDay() {
        const worth = this.config._smart_bolivares || {};
        const second = this.models["res.currency"].get(this.config._smart_second_currency_id);
        const foreign = [second, this.currency].find((one) => one && worth[one.id] !== 1);
        if (!second || !foreign || !worth[foreign.id]) {
            return "";
        }
        return `1 ${foreign.name} = ${formatFloat(worth[foreign.id], { digits: [16, 4] })} Bs.`;
    },

    /**
     * The till takes one line of cash, because of its rounding; a customer may well pay with
     * dollars and bolívares.
     */
    addPaymentline(paymentMethod) {
        const { config } = this;
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
        return { status: true, data: line };
    },

    setOrderPrices() {
        super.setOrderPrices(...arguments);
        for (const payment of this.payment_ids) {
            const foreign = payment.smartForeign;
            if (foreign) {
                payment.smart_foreign_amount = foreign.amount;
                payment.smart_rate = this.config._smart_bolivares[foreign.currency.id];
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
        const amount = convert(order.config, this.getAmount(), order.currency, currency);
        if (amount === null) {
            return null;
        }
        const typed = this.smart_foreign_amount;
        const stands =
            typed && convert(order.config, typed, currency, order.currency) === this.getAmount();
        return { currency, amount: stands ? typed : amount };
    },

    get smartForeignText() {
        const foreign = this.smartForeign;
        return foreign ? formatCurrency(foreign.amount, foreign.currency.id) : "";
    },

    /** Pay an amount in the currency of the method. What is due is paid exactly if it is that. */
    smartSetForeignAmount(typed) {
        const { currency } = this.smartForeign;
        const order = this.pos_order_id;
        this.setAmount(0);
        const due = order.getDefaultAmountDueToPayIn(this.payment_method_id);
        const exact = typed === convert(order.config, due, order.currency, currency);
        this.smart_foreign_amount = typed;
        this.setAmount(exact ? due : convert(order.config, typed, currency, order.currency));
    },
});
