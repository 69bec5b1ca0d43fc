import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  {
    files: ["viz/front/**/*.js"],
    languageOptions: { globals: globals.browser },
    rules: {
      complexity: ["error", 12],
      eqeqeq: "error",
      "max-lines-per-function": ["error", 60],
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  { files: ["tests/front/**/*.js"], languageOptions: { globals: globals.node } },
  { ignores: ["viz/front/bundle/**"] },
];
