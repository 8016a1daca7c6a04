import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {patch} from "@web/core/utils/patch";
import {ReceiptScreen} from "@point_of_sale/app/screens/receipt_screen/receipt_screen";

/** Return a number as WhatsApp wants it: digits with the country, which is Venezuela by default. */
export function whatsAppNumber(phone) {
    const text = (phone || "").split(/[/,;]/)[0].trim();
    const digits = text.replace(/\D/g, "");
    if (text.startsWith("+")) {
        return digits;
    }
    if (digits.startsWith("00")) {
        return digits.slice(2);
    }
    const local = digits.replace(/^0/, "");
    return local.length === 10 ? `58${local}` : digits;
}

patch(ReceiptScreen.prototype, {
    /** Whether a mail that is asked for now goes later. */
    get smartMailsLater() {
        return this.currentOrder.smartWaits;
    },
    get smartWhatsAppNumber() {
        return whatsAppNumber(this.state.phone);
    },
    get smartCanWhatsApp() {
        const {length} = this.smartWhatsAppNumber;
        return this.currentOrder.isSynced && length >= 11 && length <= 15;
    },
    /** What the customer gets: a page that shows the document, or how far it is. */
    get smartWhatsAppText() {
        const order = this.currentOrder;
        return [
            order.company.name,
            order.smartNumbers || _t("Receipt %s", order.pos_reference),
            order.smartPortalUrl,
        ].join("\n");
    },
    smartWhatsApp() {
        const text = encodeURIComponent(this.smartWhatsAppText);
        browser.open(`https://wa.me/${this.smartWhatsAppNumber}?text=${text}`, "_blank");
    },
});
