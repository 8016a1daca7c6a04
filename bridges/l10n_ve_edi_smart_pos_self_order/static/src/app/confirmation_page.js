import {onWillUnmount} from "@odoo/owl";
import {ConnectionLostError, rpc} from "@web/core/network/rpc";
import {patch} from "@web/core/utils/patch";
import {SelfOrder} from "@pos_self_order/app/services/self_order_service";
import {ConfirmationPage} from "@pos_self_order/app/pages/confirmation_page/confirmation_page";

/** Milliseconds between two questions: the customer stands there for half a minute. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 5000;

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

patch(SelfOrder.prototype, {
    // Odoo shows the page for what is paid; what is invoiced besides is done.
    get currentOrder() {
        const order = this.models["pos.order"].getBy("uuid", this.selectedOrderUuid);
        const isDone = order?.state === "done" && order.smartIsFiscal;
        return isDone && this.router.activeSlot === "confirmation" ? order : super.currentOrder;
    },
});

patch(ConfirmationPage.prototype, {
    setup() {
        super.setup(...arguments);
        onWillUnmount(() => {
            this.smartLeft = true;
        });
    },

    beforePrintOrder() {
        const ready = super.beforePrintOrder(...arguments);
        const order = this.confirmedOrder;
        if (!ready || !order.smartIsFiscal || !order.finalized) {
            return ready;
        }
        this.smartFollow(order);
        return false;
    },

    /** Print once the number is there, or as late as the shop wants; then go on showing it. */
    async smartFollow(order) {
        const until = Date.now() + this.selfOrder.config.smart_wait_seconds * 1000;
        let pause = FIRST_PAUSE;
        while (!this.smartLeft) {
            await this.smartAskFor(order);
            if (!order.smartWaits || !order.smart_ticket.soon || Date.now() >= until) {
                order.uiState.receiptReady = true;
            }
            if (!order.smartWaits) {
                return;
            }
            await sleep(pause);
            pause = Math.min(pause * 1.5, LONGEST_PAUSE);
        }
    },

    async smartAskFor(order) {
        try {
            const ticket = await rpc("/pos-self-order/smart-ticket", {
                access_token: this.selfOrder.access_token,
                order_id: order.id,
                order_access_token: order.access_token,
            });
            order.smart_ticket = ticket;
            order._dirty = false;
        } catch (error) {
            // Without a connection the ticket is printed without its number.
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
        }
    },
});
