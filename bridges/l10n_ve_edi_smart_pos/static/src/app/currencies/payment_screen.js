import {ConnectionLostError} from "@web/core/network/rpc";
import {patch} from "@web/core/utils/patch";
import {PaymentScreen} from "@point_of_sale/app/screens/payment_screen/payment_screen";
import {bolivares} from "./convert";

/** What is paid in foreign currency is entered in it. */
patch(PaymentScreen.prototype, {
    onMounted() {
        super.onMounted(...arguments);
        this.smartRefreshRates();
    },

    /** A till may be open for longer than a rate is of the day; without a connection it stands. */
    async smartRefreshRates() {
        const {config} = this.pos;
        if (Object.keys(bolivares(config)).length < 2) {
            return;
        }
        try {
            config.uiState.smartBolivares = await this.pos.data.call("pos.config", "smart_rates", [
                config.id,
            ]);
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
        }
    },

    async addNewPaymentLine() {
        const result = await super.addNewPaymentLine(...arguments);
        const foreign = result && this.selectedPaymentLine?.smartForeign;
        if (foreign) {
            this.numberBuffer.set(foreign.amount.toString());
        }
        return result;
    },

    updateSelectedPaymentline(amount = false) {
        const line = this.selectedPaymentLine;
        const typed = this.numberBuffer.get();
        if (amount !== false || !line?.smartForeign || typed === null) {
            return super.updateSelectedPaymentline(...arguments);
        }
        line.smartSetForeignAmount(typed === "" ? 0 : this.numberBuffer.getFloat());
    },
});
