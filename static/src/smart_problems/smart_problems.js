import {RedirectWarningDialog} from "@web/core/errors/error_dialogs";
import {registry} from "@web/core/registry";

/** What stands against confirming documents, with the button that opens the list of it. */
class SmartProblemsDialog extends RedirectWarningDialog {
    setup() {
        super.setup();
        const {action_id, button_text, additional_context} = this.props.data.context;
        this.actionId = action_id;
        this.buttonText = button_text;
        this.additionalContext = additional_context;
    }
}

registry.category("error_dialogs").add("l10n_ve_edi_smart.problems", SmartProblemsDialog);
