import {_t} from "@web/core/l10n/translation";

/**
 * Cédula and RIF as they are typed at a counter. The server reads the same, in Python:
 * `identification.at_counter`; a table of cases that both are held to is in tests/.
 */

/** Letters of a RIF -> what they count in its check digit; a commune's is a company's. */
const LETTERS = {V: 1, E: 2, J: 3, P: 4, G: 5, C: 3};
const WEIGHTS = [3, 2, 7, 6, 5, 4, 3, 2];

/** Spaces, dots, dashes of all lengths, strokes: what people put between letters and digits. */
const SIGNS = /[\s._/\-\u2010-\u2015]/g;

export function strip(typed) {
    return (typed || "").toUpperCase().replace(SIGNS, "");
}

function isRif(compact) {
    const [, letter, digits, check] = /^([VEJPGC])([0-9]{8})([0-9])$/.exec(compact) || [];
    if (!letter) {
        return false;
    }
    const sum = WEIGHTS.reduce((total, weight, index) => total + weight * digits[index], 0);
    return "00987654321"[(4 * LETTERS[letter] + sum) % 11] === check;
}

function understand(compact) {
    const [, letter, digits] = /^([VE])0*([1-9][0-9]{0,7})$/.exec(compact) || [];
    if (letter && compact.length <= 9) {
        return {kind: "cedula", number: `${letter}-${digits}`};
    }
    if (isRif(compact)) {
        return {
            kind: "rif",
            number: `${compact[0]}-${compact.slice(1, 9)}-${compact[9]}`,
        };
    }
    return null;
}

/**
 * Read what somebody types, with or without letter, dots and dashes.
 *
 * @param {string} typed
 * @returns {{kind: string, number: string} | null} kind is "cedula" or "rif"; null where it is
 *      not valid
 */
export function readIdentification(typed) {
    const compact = strip(typed);
    const bare = /^[0-9]+$/.test(compact);
    let letters = [""];
    if (bare) {
        letters = compact.length <= 8 ? ["V"] : ["V", "E", "J", "P", "G"];
    }
    const valid = letters.map((letter) => understand(letter + compact)).filter(Boolean);
    return valid.length === 1 ? valid[0] : null;
}

/** Return in words why what is typed is no identification; "" if it is one, or nothing. */
export function whyNoIdentification(typed) {
    const compact = strip(typed);
    if (!compact || readIdentification(typed)) {
        return "";
    }
    if (/^[0-9]{9}$/.test(compact)) {
        return ["V", "E", "J", "P", "G"].some((letter) => isRif(letter + compact))
            ? _t("Begin with the letter of the RIF: V, E, J, P, G or C.")
            : _t("“%s” is not a valid RIF: its last digit does not fit the others.", typed);
    }
    if (/^[VEJPGC][0-9]{9}$/.test(compact)) {
        return _t("“%s” is not a valid RIF: its last digit does not fit the others.", typed);
    }
    return _t(
        "“%s” is neither a cédula nor a RIF. Enter a cédula, 12345678, or a RIF, J-12345678-9.",
        typed
    );
}

/** Return how a number may have been kept before; a person's RIF is also found by the cédula. */
export function sameNumbers(number) {
    const numbers = [number];
    const parts = number.split("-");
    if (parts.length === 3) {
        numbers.push(understand(parts[0] + parts[1])?.number);
    } else {
        const padded = parts[0] + parts[1].padStart(8, "0");
        for (let digit = 0; digit < 10; digit++) {
            if (isRif(`${padded}${digit}`)) {
                numbers.push(`${padded[0]}-${padded.slice(1)}-${digit}`);
            }
        }
    }
    return numbers.filter(Boolean).map(strip);
}
