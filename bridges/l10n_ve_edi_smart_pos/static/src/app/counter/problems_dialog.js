import {Component} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";

/** What SMART, or the law, would not take, told before the money; with what mends it here. */
export class ProblemsDialog extends Component {
    static template = "l10n_ve_edi_smart_pos.ProblemsDialog";
    static components = {Dialog};
    static props = {
        /** Of `{text, model, id}`. */
        problems: Array,
        /** Mends one of them. */
        mend: Function,
        canMend: Function,
        close: Function,
    };

    mend(problem) {
        this.props.close();
        this.props.mend(problem);
    }
}
