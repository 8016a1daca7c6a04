import {patch} from "@web/core/utils/patch";
import {OrderDisplay} from "@point_of_sale/app/components/order_display/order_display";

patch(OrderDisplay.prototype, {
    /** The IGTF is no line of the order: it stands by the total. */
    get comboSortedLines() {
        return super.comboSortedLines.filter((line) => !line.isSmartIgtf);
    },
});
