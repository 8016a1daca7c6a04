import {Component} from "@odoo/owl";
import {generateQRCodeDataUrl} from "@point_of_sale/utils";
import {WORDS} from "./words";

/** Names of who issues and of whom it is made out to, and the numbers, above the lines. */
export class SmartTicketHead extends Component {
    static template = "l10n_ve_edi_smart_pos.SmartTicketHead";
    static props = {order: Object};

    setup() {
        this.words = WORDS;
    }

    get first() {
        return this.props.order.smartDocuments[0];
    }
    get issuer() {
        if (this.first?.issuer.length) {
            return this.first.issuer;
        }
        const {name, vat, street, city} = this.props.order.company;
        const address = [street, city].filter(Boolean).join(", ");
        return [name, vat && `${WORDS.issuerId} ${vat}`, address].filter(Boolean);
    }
    get customer() {
        if (this.first?.customer.length) {
            return this.first.customer;
        }
        const {name, vat, pos_contact_address} = this.props.order.partner_id || {};
        const address = (pos_contact_address || "").split("\n").map((line) => line.trim());
        return [
            name,
            vat && `${WORDS.customerId} ${vat}`,
            address.filter(Boolean).join(", "),
        ].filter(Boolean);
    }
}

/** What is below the lines: bases and taxes of each document. */
export class SmartTicketTotals extends Component {
    static template = "l10n_ve_edi_smart_pos.SmartTicketTotals";
    static props = {order: Object};

    get documents() {
        return this.props.order.smartDocuments.filter((document) => document.totals.length);
    }
    /** A rate is not torn apart where the paper ends. */
    label(total) {
        return total.label.replace(/ (\S+) %$/, "\u00a0$1\u00a0%").replace(" + ", " +\u00a0");
    }
    /**
     * Of one document the ticket prints the total itself, next to what was paid; unless that is
     * less, because a gift card has paid a part.
     */
    rows(document) {
        const whole = !this.props.order.lines.some((line) => line.smartIsPayment);
        const alone = whole && this.documents.length === 1;
        return document.totals.filter(
            (total) => !(alone && total.last && total.amounts.length === 1)
        );
    }
}

/** Where the documents are found, and what the printing house says of them, at the end. */
export class SmartTicketFoot extends Component {
    static template = "l10n_ve_edi_smart_pos.SmartTicketFoot";
    static props = {order: Object};

    setup() {
        this.words = WORDS;
    }

    /** One code for each document that everybody can fetch from SMART, else one for all. */
    get codes() {
        const {smartDocuments, smartPortalUrl} = this.props.order;
        const numbered = smartDocuments.filter((document) => document.url);
        if (numbered.length && numbered.length === smartDocuments.length) {
            return numbered.map((document) => this.code(document.name, document.url));
        }
        return [this.code("", smartPortalUrl)];
    }
    code(name, url) {
        return {name, url, src: generateQRCodeDataUrl(url)};
    }
    get how() {
        const {smartDocuments, smartWaits} = this.props.order;
        if (smartWaits) {
            return WORDS.waitingHow;
        }
        return smartDocuments.length ? WORDS.numberedHow : WORDS.askHow;
    }
    /** Where a document is looked up by hand. */
    get lookUp() {
        const {order} = this.props;
        return `${order.config._base_url}/pos/ticket`.replace(/^https?:\/\//, "");
    }
    /** The documents of a lot share one footer. */
    get footers() {
        return [
            ...new Set(
                this.props.order.smartDocuments.map((document) => document.footer).filter(Boolean)
            ),
        ];
    }
}
