import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {Dialog} from "@web/core/dialog/dialog";
import {useService} from "@web/core/utils/hooks";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";
import {Navbar} from "@point_of_sale/app/components/navbar/navbar";

/** Which orders of this shop wait for a control number, since when, and why. */
export class SmartWaitingDialog extends Component {
    static template = "l10n_ve_edi_smart_pos.SmartWaitingDialog";
    static components = {Dialog};
    static props = {close: Function};

    setup() {
        this.pos = usePos();
        this.pos.smartFollow();
    }

    get rows() {
        const own = this.pos.smartOwnWaiting.map((order) => this.ownRow(order));
        return [...this.pos.smartListed, ...own];
    }
    /** How many there are besides those in the list. */
    get others() {
        const others = this.pos.smartCount - this.rows.length;
        return others > 0 && _t("And %s more.", others);
    }
    /** An order that the server has not listed: in the tablet alone, or just sold. */
    ownRow(order) {
        const [first] = order.smartDocuments;
        return {
            uuid: order.uuid,
            reference: order.pos_reference,
            amount: order.priceIncl,
            moment: order.date_order,
            state: first?.state || "offline",
            label: first?.label || _t("Not sent yet"),
            why: first ? "" : _t("Kept in this device until there is a connection."),
        };
    }
    since(row) {
        const moment = row.moment || deserializeDateTime(row.since);
        return _t("Since %s", moment.toFormat("dd/MM/yyyy HH:mm"));
    }
    /** Whether somebody has to act before a document is issued. */
    needsSomebody(row) {
        return ["refused", "draft", "unknown"].includes(row.state);
    }
    get isTroubled() {
        return this.rows.some((row) => this.needsSomebody(row));
    }
    color(row) {
        return this.needsSomebody(row) ? "danger" : "warning";
    }
}

export class SmartWaitingButton extends Component {
    static template = "l10n_ve_edi_smart_pos.SmartWaitingButton";
    static props = {};

    setup() {
        this.pos = usePos();
        this.dialog = useService("dialog");
    }
    open() {
        this.dialog.add(SmartWaitingDialog);
    }
    get title() {
        return _t("Documents that wait for their control number");
    }
}

Object.assign(Navbar.components, {SmartWaitingButton});
