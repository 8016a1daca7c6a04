// The configuration of OCA's repositories, with the width of this one's Python.

/** @type {import('prettier').Config} */
const config = {
    // Named by its path: prettier is not installed in the checkout.
    plugins: [require.resolve("@prettier/plugin-xml")],
    bracketSpacing: false,
    printWidth: 100,
    proseWrap: "always",
    semi: true,
    tabWidth: 4,
    trailingComma: "es5",
    xmlWhitespaceSensitivity: "preserve",
};

module.exports = config;
