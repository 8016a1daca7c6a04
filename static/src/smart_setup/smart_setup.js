import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {Component} from "@odoo/owl";

const ICONS = {
    done: "fa-check-circle text-success",
    todo: "fa-circle-o text-muted",
    wrong: "fa-exclamation-circle text-danger",
};

/** Where steps are done on the page of Odoo's settings, by the ids of its boxes. */
const PLACES = {
    rif: "smart_credentials",
    token: "smart_credentials",
    environment: "smart_credentials",
    walk_in: "smart_walk_in",
    responsible: "smart_responsible",
};

/** Steps that are done or not, each with where it stands; with a company each leads there. */
export class SmartSetup extends Component {
    static template = "l10n_ve_edi_smart.SmartSetup";
    static props = {...standardFieldProps, canHide: {type: Boolean, optional: true}};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    get setupOf() {
        return this.props.record.data[this.props.name];
    }

    icon(step) {
        return ICONS[step.state];
    }

    /** On a page on which the step is done, lead to its place; else open where it is done. */
    async open(step) {
        const place = document.querySelector(`.o_setting_container #${PLACES[step.key]}`);
        if (place) {
            place.scrollIntoView({block: "center"});
            place.querySelector("input, select, textarea")?.focus();
            return;
        }
        await this.action.doAction(
            await this.orm.call("res.company", "action_smart_setup", [
                [this.setupOf.company],
                step.key,
            ])
        );
    }

    async hide() {
        await this.orm.call("res.company", "action_smart_hide_setup", [[this.setupOf.company]]);
        await this.props.record.model.load();
    }
}

export const smartSetup = {
    component: SmartSetup,
    supportedTypes: ["json"],
    extractProps: ({options}) => ({canHide: Boolean(options.can_hide)}),
};

registry.category("fields").add("smart_setup", smartSetup);
