import {Component, onMounted, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {Dialog} from "@web/core/dialog/dialog";
import {useDebounced} from "@web/core/utils/timing";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";
import {readIdentification, whyNoIdentification} from "./identification";

/** Milliseconds after the last key, before the server is asked who has the number. */
const PAUSE = 200;

/**
 * Whom the sale is made out to: a number is typed, and Enter finds its owner or makes a customer.
 * Enter in an empty field takes the shop's stand-in.
 *
 * Its payload is `{partner}`, or `{list: true}` for the list of all customers.
 */
export class CustomerPopup extends Component {
    static template = "l10n_ve_edi_smart_pos.CustomerPopup";
    static components = {Dialog};
    static props = {
        partner: {type: [Object, {value: null}], optional: true},
        getPayload: Function,
        close: Function,
    };

    setup() {
        this.pos = usePos();
        this.letters = ["V", "E", "J", "P", "G", "C"];
        this.state = useState({
            typed: "",
            name: "",
            street: "",
            phone: "",
            email: "",
            found: null,
            isNew: false,
            error: "",
            busy: false,
        });
        this.numberRef = useRef("number");
        this.nameRef = useRef("name");
        this.formRef = useRef("form");
        this.lookUpSoon = useDebounced(() => this.lookUp(), PAUSE);
        onMounted(() => this.numberRef.el.focus());
    }

    get walkIn() {
        return this.pos.config.smart_walk_in_partner_id;
    }

    /** What a new customer is asked for besides the name: no stand-in of the company covers it. */
    get asked() {
        const labels = {street: _t("Address"), phone: _t("Phone"), email: _t("E-mail")};
        const fields = (this.pos.config.smart_asks_for || "").split(",").filter(Boolean);
        return fields.map((field) => ({field, label: labels[field]}));
    }

    get read() {
        return readIdentification(this.state.typed);
    }

    get namePlaceholder() {
        return this.pos.config.smart_name_required ? _t("Name") : _t("Name (may be left out)");
    }

    setLetter(letter) {
        this.state.typed = letter + this.state.typed.replace(/^\s*[a-z]\s*-?\s*/i, "");
        this.numberRef.el.focus();
        this.onTyped();
    }

    onTyped() {
        this.state.error = "";
        this.state.isNew = false;
        this.state.found = this.read ? this.pos.smartKnownCustomer(this.read.number) : null;
        if (this.read && !this.state.found) {
            this.lookUpSoon();
        }
    }

    async lookUp() {
        const number = this.read?.number;
        if (!number || this.state.busy) {
            return;
        }
        const found = await this.pos.smartFindCustomer(number);
        // Meanwhile somebody may have typed on.
        if (this.read?.number === number) {
            this.state.found = found;
            this.state.isNew = !found;
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            ev.stopPropagation();
            this.confirm();
        }
    }

    choose(partner) {
        this.props.getPayload({partner});
        this.props.close();
    }

    openList() {
        this.props.getPayload({list: true});
        this.props.close();
    }

    editPartner() {
        this.props.close();
        this.pos.smartEditCustomer(this.props.partner);
    }

    /** Return the first field that is still to be filled in for a new customer, if any. */
    get missing() {
        const fields = this.asked.map((one) => one.field);
        if (this.pos.config.smart_name_required) {
            fields.unshift("name");
        }
        return fields.find((field) => !this.state[field].trim());
    }

    async confirm() {
        if (this.state.busy) {
            return;
        }
        if (!this.state.typed.trim()) {
            if (this.walkIn) {
                this.choose(this.walkIn);
            }
            return;
        }
        if (!this.read) {
            this.state.error = whyNoIdentification(this.state.typed);
            return;
        }
        this.state.busy = true;
        try {
            const partner = await this.find();
            if (partner) {
                this.choose(partner);
            }
        } finally {
            this.state.busy = false;
        }
    }

    async find() {
        const {number} = this.read;
        const known = this.state.found || this.pos.smartKnownCustomer(number);
        if (known) {
            return known;
        }
        if (this.missing) {
            const found = this.state.isNew ? null : await this.pos.smartFindCustomer(number);
            if (found) {
                return found;
            }
            this.state.isNew = true;
            this.formRef.el.querySelector(`[name=${this.missing}]`).focus();
            return null;
        }
        const {name, street, phone, email} = this.state;
        const values = {typed: number, name: name.trim(), street, phone, email};
        return this.pos.smartMakeCustomer(values);
    }
}
