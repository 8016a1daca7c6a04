import {Component, reactive, useState, xml} from "@odoo/owl";
import {deserializeDateTime, formatDateTime} from "@web/core/l10n/dates";
import {localization} from "@web/core/l10n/localization";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/** What the server tells of batches that go on in the background (`lane/lane_progress.py`). */
export const smartProgressService = {
    dependencies: ["bus_service", "notification", "action"],

    start(env, {bus_service: bus, notification, action}) {
        const batches = reactive({});

        function update(batch, told) {
            batch.waiting = told.waiting;
            batch.total = Math.max(batch.total, told.waiting);
            batch.attention = Math.max(0, told.attention - batch.attentionBefore);
            batch.blocked = told.blocked;
            batch.pausedUntil = told.paused_until;
        }

        function finish(batch) {
            const buttons = [
                {name: _t("Refresh"), onClick: () => action.doAction("soft_reload")},
                {
                    name: _t("Open"),
                    onClick: () => action.doAction("l10n_ve_edi_smart.smart_document_action"),
                },
            ];
            if (batch.attention) {
                notification.add(
                    _t("Sent to SMART. Documents that need attention: %s", batch.attention),
                    {type: "warning", sticky: true, buttons}
                );
            } else {
                notification.add(_t("All documents have been sent to SMART."), {
                    type: "success",
                    buttons,
                });
            }
        }

        bus.subscribe("l10n_ve_edi_smart.started", (told) => {
            batches[told.company_id] ||= {total: 0, attentionBefore: told.attention};
            update(batches[told.company_id], told);
            notification.add(
                _t("%s documents are being sent to SMART in the background.", told.count),
                {type: "info"}
            );
        });
        bus.subscribe("l10n_ve_edi_smart.progress", (told) => {
            const batch = batches[told.company_id];
            if (batch) {
                update(batch, told);
                if (!told.waiting) {
                    delete batches[told.company_id];
                    finish(batch);
                }
            }
        });
        bus.start();
        return {batches, close: (companyId) => delete batches[companyId]};
    },
};
registry.category("services").add("smart_progress", smartProgressService);

/** A small card: “Issued 120 of 200”. */
export class SmartProgress extends Component {
    static props = {};
    static template = xml`
        <div t-if="batches.length" class="o_smart_progress position-fixed bottom-0 end-0 m-3 p-3
                bg-view border rounded shadow" style="z-index: 1040; min-width: 20rem" role="status">
            <div t-foreach="batches" t-as="batch" t-key="batch.companyId">
                <div class="d-flex justify-content-between align-items-center">
                    <strong>SMART</strong>
                    <button class="btn-close" t-on-click="() => this.progress.close(batch.companyId)"/>
                </div>
                <div class="o_smart_progress_words" t-esc="batch.words"/>
                <div t-if="batch.trouble" class="text-danger" t-esc="batch.trouble"/>
                <div class="progress mt-2">
                    <div class="progress-bar" t-attf-style="width: {{batch.percent}}%"/>
                </div>
            </div>
        </div>`;

    setup() {
        this.progress = useService("smart_progress");
        this.state = useState(this.progress.batches);
    }

    get batches() {
        return Object.entries(this.state).map(([companyId, batch]) => {
            const done = batch.total - batch.waiting;
            return {
                companyId,
                words: _t("Sent %(done)s of %(total)s", {done, total: batch.total}),
                trouble: this.trouble(batch),
                percent: batch.total ? Math.round((100 * done) / batch.total) : 100,
            };
        });
    }

    trouble(batch) {
        if (batch.blocked) {
            return _t("Sending has stopped: somebody has to act.");
        }
        if (batch.pausedUntil) {
            const moment = deserializeDateTime(batch.pausedUntil.replace("T", " ").slice(0, 19));
            const time = formatDateTime(moment, {
                format: localization.timeFormat.replace(":ss", ""),
            });
            return _t("Paused. Next attempt: %s", time);
        }
        return batch.attention ? _t("Need attention: %s", batch.attention) : "";
    }
}
registry.category("main_components").add("SmartProgress", {Component: SmartProgress});
