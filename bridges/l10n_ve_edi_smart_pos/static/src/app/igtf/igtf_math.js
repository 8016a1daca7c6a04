/**
 * The IGTF of an order, as pure functions: `igtf.py` says the same on the server, where the rules
 * are told; a test holds one to the other.
 */

const RATE = 3;

const cents = (amount) => Math.round(amount * 100);

/** The IGTF of what is paid in foreign currency: as SMART computes it, on doubles. */
export function igtfOf(base) {
    return Number((base * (RATE / 100)).toFixed(2));
}

/**
 * How much of an order is paid in foreign currency.
 *
 * @param {number} total of the order, without IGTF
 * @param {{amount: number, foreign: boolean}[]} payments as the cashier enters them
 */
export function foreignPart(total, payments) {
    let left = Math.max(cents(total), 0);
    let part = 0;
    for (const {amount, foreign} of payments) {
        const taken = Math.min(Math.max(cents(amount), 0), left);
        left -= taken;
        part += foreign ? taken : 0;
    }
    return part / 100;
}

/**
 * Of what base a return gives IGTF back.
 *
 * @param {number} base of the IGTF of the sold order, with its tax
 * @param {number} share of the sold order's total that is taken back by now, with this return
 * @param {number} limit what this return takes back of the sold order
 * @param {number} givenBase that earlier returns gave IGTF back of, with givenTax
 */
export function baseToGiveBack(base, tax, share, limit, givenBase, givenTax) {
    let back = cents(base * Math.min(Math.max(share, 0), 1)) - cents(givenBase);
    back = Math.min(back, cents(limit));
    while (back > 0 && cents(igtfOf(back / 100)) > cents(tax) - cents(givenTax)) {
        back -= 1;
    }
    return Math.max(back, 0) / 100;
}
