import {patch} from "@web/core/utils/patch";
import {PosStore} from "@point_of_sale/app/services/pos_store";

/** Orders outlive the tablet: they are kept before they are sent, and sent until they arrive. */
patch(PosStore.prototype, {
    async setup() {
        this.smartSending = 0;
        await super.setup(...arguments);
    },

    /** Orders that are paid, and that the server does not have. */
    get smartUnsent() {
        return this.models["pos.order"].filter((order) => order.isUnsyncedPaid);
    },

    async syncAllOrders() {
        this.smartSending += 1;
        try {
            if (this.config.smart_is_fiscal && this.smartUnsent.length) {
                // The till keeps them a moment later, which a tablet that is closed has not.
                await this.data.synchronizeLocalDataInIndexedDB();
            }
            return await super.syncAllOrders(...arguments);
        } finally {
            this.smartSending -= 1;
        }
    },

    /** Send what did not arrive, although there is a connection: the till tries it once. */
    async smartSendUnsent() {
        const unsent = this.smartUnsent;
        if (unsent.length && !this.smartSending) {
            this.addPendingOrder(unsent.map((order) => order.id));
            // Odoo takes what it has tried to send for sent.
            await this.syncAllOrders({force: true});
        }
    },
});
