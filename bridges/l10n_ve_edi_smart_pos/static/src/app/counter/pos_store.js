import {ConnectionLostError} from "@web/core/network/rpc";
import {patch} from "@web/core/utils/patch";
import {makeAwaitable} from "@point_of_sale/app/utils/make_awaitable_dialog";
import {PosStore} from "@point_of_sale/app/services/pos_store";
import {CustomerPopup} from "./customer_popup";
import {readIdentification, sameNumbers, strip} from "./identification";
import {ProblemsDialog} from "./problems_dialog";

/** Milliseconds: a sale does not wait longer for what the server has to say of it. */
export const patience = {ms: 3000};

/** Return what the server answers; null without a connection, and if the answer comes too late. */
async function inTime(call) {
    const tooLate = new Promise((resolve) => setTimeout(resolve, patience.ms, null));
    try {
        return await Promise.race([call, tooLate]);
    } catch (error) {
        if (error instanceof ConnectionLostError) {
            return null;
        }
        throw error;
    }
}

patch(PosStore.prototype, {
    async processServerData() {
        await super.processServerData(...arguments);
        this.smartRestoreCustomers();
    },

    // -- who buys ----------------------------------------------------------------------------

    /** Return the customer with a cédula or RIF whom this till has loaded, if any. */
    smartKnownCustomer(number) {
        const wanted = sameNumbers(number);
        const found = this.models["res.partner"].filter((one) => wanted.includes(strip(one.vat)));
        const rank = (one) => wanted.indexOf(strip(one.vat)) + (one.isSynced ? 0 : wanted.length);
        return found.sort((a, b) => rank(a) - rank(b))[0] || null;
    },

    /** Ask the server who has a cédula or RIF; null for nobody, and without a connection. */
    async smartFindCustomer(number) {
        const found = await this.smartCallPartner("smart_find_at_counter", number);
        return found?.[0] || this.smartKnownCustomer(number);
    },

    /** Have the server find or make a customer; without a connection, this till makes one. */
    async smartMakeCustomer(values) {
        const made = await this.smartCallPartner("smart_make_at_counter", values);
        if (made) {
            return made[0] || null;
        }
        const {number} = readIdentification(values.typed);
        return this.smartKnownCustomer(number) || this.smartMakeLocally(values);
    },

    /** @returns {Array | null} of customers; null without a connection */
    async smartCallPartner(method, argument) {
        const records = await inTime(
            this.data.call("res.partner", method, [this.config.id, argument])
        );
        if (!records?.length) {
            return records;
        }
        const data = await this.data.missingRecursive({"res.partner": records});
        this.data.synchronizeServerDataInIndexedDB(data);
        const connected = this.models.connectNewData(data)["res.partner"];
        return connected.filter((one) => records.some((record) => record.id === one.id));
    },

    smartMakeLocally({typed, name, street, phone, email}) {
        const {number} = readIdentification(typed);
        return this.models["res.partner"].create({
            name: name || number,
            vat: number,
            street,
            phone,
            email,
            is_company: /^[JGC]/.test(number),
            smart_problems: [],
        });
    },

    /** Give orders their customers again whom this till alone knew before it was reloaded. */
    smartRestoreCustomers() {
        for (const order of this.models["pos.order"].getAll()) {
            const typed = order.smart_new_customer;
            if (typed && !order.partner_id && !order.isSynced) {
                const {number} = readIdentification(typed.typed);
                order.partner_id = this.smartKnownCustomer(number) || this.smartMakeLocally(typed);
            }
        }
    },

    postSyncAllOrders(orders) {
        // Whom the till alone knew is a customer of the server now.
        for (const {partner_id: partner} of orders) {
            for (const local of this.models["res.partner"].filter(
                (one) => !one.isSynced && partner?.isSynced && one.vat === partner.vat
            )) {
                this.models["pos.order"]
                    .filter((order) => order.partner_id === local)
                    .forEach((order) => (order.partner_id = partner));
                local.delete();
            }
        }
        return super.postSyncAllOrders(...arguments);
    },

    /** Ask for a cédula or RIF, and make the order out to its owner; undefined if nobody is. */
    async smartAskCustomer(order) {
        const answer = await makeAwaitable(this.dialog, CustomerPopup, {
            partner: order.getPartner() || null,
        });
        if (answer?.list) {
            return super.selectPartner(order);
        }
        if (answer?.partner) {
            this.setPartnerToCurrentOrder(answer.partner);
        }
        return answer?.partner;
    },

    async selectPartner(order = this.getOrder()) {
        const fixed = order?.getPartner() && order.getHasRefundLines();
        if (!this.config.smart_is_fiscal || !order || fixed) {
            return super.selectPartner(...arguments);
        }
        return this.smartAskCustomer(order);
    },

    setPartnerToCurrentOrder(partner) {
        super.setPartnerToCurrentOrder(...arguments);
        if (this.config.smart_is_fiscal && partner?.smart_problems?.length) {
            this.smartTell(partner.smart_problems);
        }
    },

    // -- before the money --------------------------------------------------------------------

    async addLineToOrder(vals, order) {
        const line = await super.addLineToOrder(...arguments);
        if (this.config.smart_is_fiscal && line?.smartTaxProblem?.()) {
            this.notification.add(line.smartTaxProblem(), {type: "warning"});
        }
        return line;
    },

    async pay() {
        const order = this.getOrder();
        if (!order.canPay() || (await this.smartReadyForPayment(order))) {
            return super.pay(...arguments);
        }
    },

    async validateOrderFast() {
        if (await this.smartReadyForPayment(this.getOrder())) {
            return super.validateOrderFast(...arguments);
        }
    },

    /** See that an order names a customer, and that nothing stands against its invoice. */
    async smartReadyForPayment(order) {
        if (!this.config.smart_is_fiscal || !order || order.finalized) {
            return true;
        }
        if (order.isToInvoice() && !order.getPartner()) {
            const partner = await this.selectPartner(order);
            if (!partner || partner.smart_problems?.length) {
                // It was told already.
                return false;
            }
        }
        const problems = await this.smartFindProblems(order);
        if (problems.length) {
            this.smartTell(problems);
        }
        return !problems.length;
    },

    /**
     * Return what stands against the invoice of an order. What was asked once is not again, but for
     * what is taken back: another till may be faster.
     */
    async smartFindProblems(order) {
        order.setOrderPrices();
        const lines = order.lines.map((line) => line.serializeForORM({keepCommands: true}));
        const values = {
            config_id: this.config.id,
            partner_id: order.getPartner()?.isSynced ? order.getPartner().id : false,
            smart_new_customer: order.smart_new_customer || false,
            to_invoice: order.isToInvoice(),
            is_refund: order.isRefund,
            fiscal_position_id: order.fiscal_position_id?.id || false,
            lines,
        };
        const asked = JSON.stringify([values, order.getPartner()?.write_date]);
        const takesBack = lines.some((line) => line.refunded_orderline_id);
        if (!lines.length || (order.uiState.smartAccepted === asked && !takesBack)) {
            return [];
        }
        const problems = await this.smartAskServer(values);
        if (problems && !problems.length) {
            order.uiState.smartAccepted = asked;
        }
        return problems || this.smartFindLocally(order);
    },

    /** @returns {Array | null} null if the server does not answer: the sale goes on */
    async smartAskServer(values) {
        try {
            return await inTime(
                this.data.call("pos.order", "smart_check_before_payment", [values])
            );
        } catch (error) {
            // The server logs it. What cannot be issued waits as a draft after the money.
            console.warn("The order could not be checked before its payment", error);
            return null;
        }
    },

    /** Return what this till knows by itself. */
    smartFindLocally(order) {
        const partner = order.isToInvoice() ? order.getPartner()?.smart_problems || [] : [];
        const lines = order.isToInvoice() ? order.lines.map((line) => line.smartTaxProblem()) : [];
        const told = lines.filter(Boolean).map((text) => ({text, model: false, id: false}));
        return [...partner, ...told];
    },

    smartTell(problems) {
        this.dialog.add(ProblemsDialog, {
            problems,
            mend: (problem) => this.smartMend(problem),
            canMend: ({model, id}) =>
                !this.data.network.offline &&
                (model === "res.partner" || Boolean(model && this.models[model]?.get(id))),
        });
    },

    async smartMend({model, id}) {
        if (model === "res.partner") {
            const partner = this.models[model].get(id) || (await this.data.read(model, [id]))[0];
            return this.smartEditCustomer(partner);
        }
        return this.smartEditProduct(this.models[model].get(id));
    },

    async smartEditCustomer(partner) {
        await this.editPartner(partner);
        // A contact shows what its company is.
        const shown = this.getOrder()?.getPartner();
        if (shown?.isSynced && shown !== partner) {
            await this.data.read("res.partner", [shown.id]);
        }
    },

    smartEditProduct(product) {
        const template = product.product_tmpl_id;
        return this.action.doAction("point_of_sale.product_template_action_edit_pos", {
            props: {
                resId: template.id,
                onSave: async () => {
                    await this.data.read("product.template", [template.id]);
                    for (const line of this.getOrder()?.lines || []) {
                        if (line.product_id.product_tmpl_id === template) {
                            line.update({tax_ids: [["set", ...template.taxes_id]]});
                        }
                    }
                    this.action.doAction({type: "ir.actions.act_window_close"});
                },
            },
            additionalContext: {taxes_readonly: false},
        });
    },
});
