import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, onMounted, onWillUnmount, xml } from "@odoo/owl";

const SECONDS = 2;

/** Reload the form's record again and again, as long as its field `is_running` says so. */
export class AutoRefresh extends Component {
    static template = xml`<span class="d-none"/>`;
    static props = { ...standardWidgetProps };

    setup() {
        onMounted(() => this.wait());
        onWillUnmount(() => clearTimeout(this.timer));
    }

    wait() {
        if (this.props.record.data.is_running) {
            this.timer = setTimeout(() => this.refresh(), SECONDS * 1000);
        }
    }

    async refresh() {
        await this.props.record.load();
        this.wait();
    }
}

registry.category("view_widgets").add("smart_auto_refresh", { component: AutoRefresh });
