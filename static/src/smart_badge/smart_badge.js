import {registry} from "@web/core/registry";
import {badgeField} from "@web/views/fields/badge/badge_field";

/** What states of documents and annulments, and outcomes of calls, look like on every screen. */
const COLORS = {
    success: ["issued", "accepted", "done"],
    danger: ["refused", "unknown", "uncancelled", "blocked"],
    warning: ["pending", "not_sent"],
    info: ["queued", "sending", "requested", "calling", "cancelling"],
    muted: ["annulled", "withdrawn"],
};

export const smartBadgeField = {
    ...badgeField,
    extractProps: ({name}) => ({
        decorations: Object.fromEntries(
            Object.entries(COLORS).map(([color, values]) => [
                color,
                `${name} in ${JSON.stringify(values)}`,
            ])
        ),
    }),
};

registry.category("fields").add("smart_badge", smartBadgeField);
