import {patch} from "@web/core/utils/patch";
import {PosOrderline} from "@point_of_sale/app/models/pos_order_line";

patch(PosOrderline.prototype, {
    /** What a gift card or an e-wallet pays is no goods, and needs no tax. */
    get smartIsPayment() {
        const reward = (this.refunded_orderline_id || this).reward_id;
        const kind = reward?.program_id?.program_type;
        return ["gift_card", "ewallet"].includes(kind) || super.smartIsPayment;
    },
});
