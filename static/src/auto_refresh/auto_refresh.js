import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {Component, onMounted, onWillUnmount, status, xml} from "@odoo/owl";

const FIRST_SECONDS = 2;
const MOST_SECONDS = 30;
const GROWTH = 1.2;

/** Reload the form's record again and again while this is visible, ever more seldom. */
export class AutoRefresh extends Component {
    static template = xml`<span class="d-none"/>`;
    static props = {...standardWidgetProps};

    setup() {
        this.seconds = FIRST_SECONDS;
        onMounted(() => this.wait());
        onWillUnmount(() => clearTimeout(this.timer));
    }

    wait() {
        this.timer = setTimeout(() => this.refresh(), this.seconds * 1000);
        this.seconds = Math.min(this.seconds * GROWTH, MOST_SECONDS);
    }

    async refresh() {
        const {record} = this.props;
        // Whoever is working in the form loses nothing.
        if (!(await record.isDirty())) {
            await record.load();
        }
        if (status(this) === "mounted") {
            this.wait();
        }
    }
}

registry.category("view_widgets").add("smart_auto_refresh", {component: AutoRefresh});
