import {registry} from "@web/core/registry";
import {TextField, textField} from "@web/views/fields/text/text_field";
import {useEffect, useState} from "@odoo/owl";

/**
 * Several lines of text that say, while somebody types, how many characters are left.
 *
 * The length is the field's own, so that screen and server cannot disagree.
 */
export class CountedTextField extends TextField {
    static template = "l10n_ve_edi_smart.CountedTextField";

    setup() {
        super.setup();
        this.counter = useState({length: 0});
        // What the model writes into the text (a default, an onchange) is no event of the input.
        useEffect(
            () => this.count(),
            () => [this.props.record.data[this.props.name]]
        );
    }

    get maxLength() {
        return this.props.record.fields[this.props.name].size;
    }

    /** Count characters as the server does: an emoji is one, though JavaScript says two. */
    count() {
        this.counter.length = [...(this.textareaRef.el?.value.trim() || "")].length;
    }
}

export const countedTextField = {...textField, component: CountedTextField};

registry.category("fields").add("smart_counted_text", countedTextField);
