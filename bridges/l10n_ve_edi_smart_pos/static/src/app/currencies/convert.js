/** What a unit of each currency is worth in bolívares today: id -> number, as last heard. */
export function bolivares(config) {
    return config.uiState.smartBolivares || config._smart_bolivares || {};
}

/**
 * Return an amount in another currency, rounded as that one is; null without a rate.
 *
 * @param {object} [worth] see `bolivares`
 */
export function convert(config, amount, from, to, worth = bolivares(config)) {
    if (!worth[from.id] || !worth[to.id]) {
        return null;
    }
    return to.round((amount * worth[from.id]) / worth[to.id]);
}
