import {patch} from "@web/core/utils/patch";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";

patch(OrderPaymentValidation.prototype, {
    shouldDownloadInvoice() {
        // The ticket is what the customer gets now: SMART's print is not there yet, and a print
        // that says that it is no document would be made while the queue waits.
        return super.shouldDownloadInvoice() && !this.pos.config.smart_is_fiscal;
    },
    async afterOrderValidation() {
        // The ticket may wait a moment for its number; the next customer does not.
        this.pos.smartPrintsAside = true;
        try {
            return await super.afterOrderValidation(...arguments);
        } finally {
            this.pos.smartPrintsAside = false;
        }
    },
});
