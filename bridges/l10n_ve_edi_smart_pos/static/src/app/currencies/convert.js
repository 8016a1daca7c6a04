/**
 * Return an amount in another currency, rounded as that one is; null without a rate.
 *
 * @param {Object} config of the till: what a unit of each currency is worth in bolívares today
 */
export function convert(config, amount, from, to) {
    const worth = config._smart_bolivares || {};
    if (!worth[from.id] || !worth[to.id]) {
        return null;
    }
    return to.round((amount * worth[from.id]) / worth[to.id]);
}
