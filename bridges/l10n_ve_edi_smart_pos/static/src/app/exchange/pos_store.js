import {patch} from "@web/core/utils/patch";
import {PosStore} from "@point_of_sale/app/services/pos_store";

patch(PosStore.prototype, {
    /**
     * The till refuses to sell on what it calls a refund. Here an exchange has two documents, so
     * that it is one order: no refund, for then the till would turn the signs of what is sold.
     */
    async addLineToOrder(vals, order, opts = {}) {
        if (this.config.smart_is_fiscal && order.isRefund && order.isSaleDisallowed(vals, opts)) {
            order.is_refund = false;
            order.triggerRecomputeAllPrices();
        }
        return super.addLineToOrder(...arguments);
    },
});
