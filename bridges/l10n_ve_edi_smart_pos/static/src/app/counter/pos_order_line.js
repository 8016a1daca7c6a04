import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";
import {PosOrderline} from "@point_of_sale/app/models/pos_order_line";

patch(PosOrderline.prototype, {
    /** Whether it is a way to pay, of another addon, that the till keeps as a line. */
    get smartIsPayment() {
        return false;
    },

    /** Return in words why SMART would not take the taxes of this line; "" if it does. */
    smartTaxProblem() {
        const product = this.product_id;
        // What comes to nothing needs no tax; what belongs to a combo is on the lines of its parts.
        if (
            product.type === "combo" ||
            this.smartIsPayment ||
            this.currency.isZero(this.priceIncl)
        ) {
            return "";
        }
        const taxes = this.tax_ids.filter((tax) => !tax.is_withholding_tax_on_payment);
        const name = product.display_name;
        if (!taxes.length) {
            return _t(
                "The line “%s” has no tax. Choose one on its product: what is exempt has the tax “Exempt”.",
                name
            );
        }
        if (taxes.length > 1) {
            return _t("The line “%s” has more than one tax. Leave one on its product.", name);
        }
        if (!taxes[0].smart_tax_kind) {
            return _t(
                "SMART does not know the tax of the line “%s”. Use one of 16 %, 8 %, 31 % or exempt on its product.",
                name
            );
        }
        return "";
    },
});
