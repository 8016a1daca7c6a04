// The configuration of OCA's repositories.

/** @type {import('prettier').Config} */
const config = {
    // Named by its path: prettier is not installed in the checkout.
    plugins: [require.resolve("@prettier/plugin-xml")],
    bracketSpacing: false,
    printWidth: 88,
    proseWrap: "always",
    semi: true,
    tabWidth: 4,
    trailingComma: "es5",
    xmlWhitespaceSensitivity: "preserve",
};

module.exports = config;
