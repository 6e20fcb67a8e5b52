import js from "@eslint/js"
import { defineConfig } from "eslint/config"
import svelte from "eslint-plugin-svelte"
import globals from "globals"
import tseslint from "typescript-eslint"
import svelteConfig from "./svelte.config.js"

export default defineConfig(
  { ignores: ["**/dist/", "**/coverage/", "src/paraglide/", "src/lib/api/generated/"] },
  js.configs.recommended,
  {
    files: ["**/*.ts", "**/*.svelte", "**/*.svelte.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname, extraFileExtensions: [".svelte"] },
    },
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      // Two shapes of a method's type differ in how they are checked: properties are checked strictly.
      "@typescript-eslint/method-signature-style": "off",
      // A handler that is an expression returns nothing that anybody reads.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  svelte.configs.recommended,
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { parser: tseslint.parser, svelteConfig },
    },
    rules: {
      // The compiler turns `let` into what is bound and derived; this rule doesn't know that.
      "prefer-const": "off",
      // Svelte's snippets and props are typed by svelte-check, which knows them; here they look like `any`.
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "svelte/no-inline-styles": "error",
      "svelte/no-at-html-tags": "error",
      "svelte/block-lang": ["error", { script: "ts" }],
    },
  },
  {
    files: ["{bench,src,harness,windows}/**/*.{ts,svelte}"],
    rules: {
      // Numbers are told in words by the message files; here they are only counted.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  {
    files: ["src/**"],
    ignores: ["src/lib/host/tauri.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: ["@tauri-apps/*"] }] },
  },
  // Tests say what must be there.
  {
    files: ["**/test/**/*.ts", "**/tests/**/*.ts", "**/bench/**/*.ts", "**/*.test.ts"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off" },
  },
)
