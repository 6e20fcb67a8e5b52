/** @type {import("stylelint").Config} */
export default {
  extends: ["stylelint-config-standard", "stylelint-config-html/svelte"],
  rules: {
    "import-notation": "string",
    "custom-property-pattern": null,
    "custom-property-empty-line-before": null,
    "selector-class-pattern": "^[a-z][a-z0-9-]*(?:__[a-z0-9-]+)?$",
    "no-descending-specificity": null,
    "declaration-property-value-disallowed-list": {
      // Colours are tokens, so that each theme has its own.
      "/^(color|background|background-color|border-color|outline-color|fill|stroke)$/": ["/^#/", "/^rgb/", "/^hsl/"],
    },
    "selector-pseudo-class-no-unknown": [true, { ignorePseudoClasses: ["global"] }],
    "property-no-deprecated": null,
  },
}
