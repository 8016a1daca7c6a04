import {patch} from "@web/core/utils/patch";
import {Mutex} from "@web/core/utils/concurrency";
import {ConnectionLostError} from "@web/core/network/rpc";
import {PosStore} from "@point_of_sale/app/services/pos_store";

// Milliseconds.
/** While somebody waits for a ticket; whatever the bus tells sooner ends the pause. */
const PAUSE_FOR_TICKET = 400;
/** A message of the bus can be lost: so the till also asks by itself as long as something waits. */
const FIRST_PAUSE = 3000;
const LONGEST_PAUSE = 60000;
/** How long a reprint waits for the server's answer. */
const PATIENCE = 2000;

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

patch(PosStore.prototype, {
    async setup() {
        this.smart = {waiting: [], count: 0};
        this.smartPause = FIRST_PAUSE;
        this.smartWoken = new Set();
        this.smartPrinting = new Mutex();
        await super.setup(...arguments);
    },

    async afterProcessServerData() {
        const result = await super.afterProcessServerData(...arguments);
        if (this.config.smart_is_fiscal) {
            this.data.connectWebSocket("SMART_TICKETS", () => this.smartFollow());
            this.bus.addEventListener("BUS:RECONNECT", () => this.smartFollow());
            window.addEventListener("pos-network-online", () => this.smartFollow());
            this.smartFollow();
        }
        return result;
    },

    // -- what the till knows of its documents ------------------------------------------------

    /** Ask for what is new of the documents that wait; again after a pause while some do. */
    async smartFollow() {
        clearTimeout(this.smartTimer);
        if (!this.data.network.offline) {
            await this.smartSendUnsent();
            const orders = this.models["pos.order"].filter(
                (order) => order.isSynced && order.smartWaits
            );
            const news = await this.smartAsk("pos.config", "smart_follow", [
                [this.config.id],
                orders.map((order) => order.id),
            ]);
            if (news) {
                this.smart.waiting = news.waiting;
                this.smart.count = news.count;
                this.smartTake(news.tickets);
            }
        }
        if (this.smartCount) {
            clearTimeout(this.smartTimer);
            this.smartTimer = setTimeout(() => this.smartFollow(), this.smartPause);
            this.smartPause = Math.min(this.smartPause * 1.5, LONGEST_PAUSE);
        }
    },

    /** Call the server aside from the till's own calls; nothing comes of it without a connection. */
    async smartAsk(model, method, args) {
        try {
            return await this.data.orm.silent.call(model, method, args);
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                return null;
            }
            throw error;
        }
    },

    smartTake(tickets) {
        for (const [id, ticket] of Object.entries(tickets)) {
            const order = this.models["pos.order"].get(Number(id));
            if (order && JSON.stringify(order.smart_ticket) !== JSON.stringify(ticket)) {
                const wasDirty = order.isDirty();
                order.smart_ticket = ticket;
                // It comes from the server: nothing is to be sent there.
                order._dirty = wasDirty;
            }
        }
        this.smartWoken.forEach((wake) => wake());
    },

    /** Orders that the till has made, and the server has not listed yet. */
    get smartOwnWaiting() {
        const listed = new Set(this.smart.waiting.map((row) => row.uuid));
        return this.models["pos.order"].filter(
            (order) => order.smartWaits && !listed.has(order.uuid)
        );
    },
    /** What the server has listed, without what the till knows to be issued since. */
    get smartListed() {
        return this.smart.waiting.filter((row) => {
            const order = this.models["pos.order"].getBy("uuid", row.uuid);
            return !order?.smart_ticket || order.smartWaits;
        });
    },
    /** How many orders of this shop wait for a control number. */
    get smartCount() {
        const settled = this.smart.waiting.length - this.smartListed.length;
        return this.smart.count - settled + this.smartOwnWaiting.length;
    },

    // -- new orders --------------------------------------------------------------------------

    getPendingOrder() {
        const pending = super.getPendingOrder(...arguments);
        if (this.config.smart_is_fiscal) {
            // Documents are numbered as they arrive: what was sold first, without a connection,
            // goes first, however the browser has kept it.
            pending.orderToCreate.sort(
                (one, other) =>
                    one.date_order - other.date_order ||
                    one.pos_reference.localeCompare(other.pos_reference)
            );
        }
        return pending;
    },

    async postSyncAllOrders(orders) {
        await super.postSyncAllOrders(...arguments);
        const waiting = orders.filter((order) => order.smartWaits);
        for (const order of waiting) {
            order.uiState.smartUntil ??= Date.now() + this.config.smart_wait_seconds * 1000;
        }
        if (waiting.length) {
            this.smartPause = FIRST_PAUSE;
            clearTimeout(this.smartTimer);
            this.smartTimer = setTimeout(() => this.smartFollow(), this.smartPause);
        }
    },

    // -- tickets -----------------------------------------------------------------------------

    /** Whether a ticket that is printed now may get its number if that waits a moment. */
    smartIsSoon(order) {
        return (
            order.smartWaits &&
            order.smart_ticket &&
            order.smart_ticket.soon &&
            Date.now() < (order.uiState.smartUntil || 0)
        );
    },

    async smartAskFor(order) {
        const tickets = await this.smartAsk("pos.order", "smart_read_tickets", [[order.id]]);
        if (tickets) {
            this.smartTake(tickets);
        }
        return tickets;
    },

    /** Wait for the control number of an order as long as the shop wants it. */
    async smartAwaitNumber(order) {
        if (!order.smartWaits || !order.isSynced || this.data.network.offline) {
            return;
        }
        if (!this.smartIsSoon(order)) {
            // A reprint: it may have come since.
            if (Date.now() >= (order.uiState.smartUntil || 0)) {
                await Promise.race([this.smartAskFor(order), sleep(PATIENCE)]);
            }
            return;
        }
        while (this.smartIsSoon(order)) {
            let wake;
            const woken = new Promise((resolve) => (wake = resolve));
            this.smartWoken.add(wake);
            const left = order.uiState.smartUntil - Date.now();
            await Promise.race([woken, sleep(Math.min(PAUSE_FOR_TICKET, left))]);
            this.smartWoken.delete(wake);
            if (this.smartIsSoon(order)) {
                const rest = order.uiState.smartUntil - Date.now();
                await Promise.race([this.smartAskFor(order), sleep(rest)]);
            }
        }
    },

    async printReceipt(options = {}) {
        const order = options.order || this.getOrder();
        const isTicket = order?.smartIsFiscal && order.finalized;
        if (!isTicket || options.basic || options.printBillActionTriggered) {
            return super.printReceipt(...arguments);
        }
        const aside = this.smartPrintsAside && this.smartIsSoon(order);
        // One after the other: they are drawn in one place.
        const printed = this.smartPrinting.exec(async () => {
            await this.smartAwaitNumber(order);
            return super.printReceipt({...options, order});
        });
        return aside ? true : printed;
    },
});
