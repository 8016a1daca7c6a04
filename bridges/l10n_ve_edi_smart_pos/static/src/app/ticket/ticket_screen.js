import {_t} from "@web/core/l10n/translation";
import {AlertDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {patch} from "@web/core/utils/patch";
import {InvoiceButton} from "@point_of_sale/app/screens/ticket_screen/invoice_button/invoice_button";
import {TicketScreen} from "@point_of_sale/app/screens/ticket_screen/ticket_screen";

patch(TicketScreen.prototype, {
    _getSearchFields() {
        const fields = super._getSearchFields(...arguments);
        if (this.pos.config.smart_is_fiscal) {
            // Known by its legal number, whatever Odoo calls it.
            fields.INVOICE_NUMBER.modelFields = ["smart_numbers"];
        }
        return fields;
    },
});

patch(InvoiceButton.prototype, {
    async _downloadInvoice(orderId) {
        if (this.pos.config.smart_is_fiscal) {
            const [order] = await this.pos.data.loadServerOrders([["id", "=", orderId]]);
            if (order?.smartWaits) {
                this.pos.smartFollow();
                this.dialog.add(AlertDialog, {
                    title: _t("Waiting for the control number"),
                    body: _t(
                        "%s has no control number yet, so there is no document to print. It is issued by itself: try again in a moment.",
                        order.pos_reference
                    ),
                });
                return;
            }
        }
        await super._downloadInvoice(...arguments);
    },
});
