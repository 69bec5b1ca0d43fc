import js from "@eslint/js";
import globals from "globals";

// What a visitor wrote stays text: nothing is made of a string but text and attributes.
const MARKUP = [
  "innerHTML",
  "outerHTML",
  "insertAdjacentHTML",
  "setHTMLUnsafe",
  "createContextualFragment",
];

export default [
  js.configs.recommended,
  {
    files: ["viz/front/**/*.js"],
    languageOptions: { globals: globals.browser },
    rules: {
      complexity: ["error", 12],
      eqeqeq: "error",
      "max-lines-per-function": ["error", 60],
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-restricted-properties": [
        "error",
        ...MARKUP.map((property) => ({ property })),
        { object: "document", property: "write" },
      ],
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  { files: ["tests/front/**/*.js"], languageOptions: { globals: globals.node } },
  { ignores: ["viz/front/bundle/**"] },
];
