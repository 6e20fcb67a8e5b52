import js from "@eslint/js"
import { defineConfig } from "eslint/config"
import tseslint from "typescript-eslint"

export default defineConfig(
  { ignores: ["**/dist/", "**/coverage/"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      // Two shapes of a method's type differ in how they are checked: properties are checked strictly.
      "@typescript-eslint/method-signature-style": "off",
    },
  },
  // Tests say what must be there.
  { files: ["**/test/**/*.ts", "**/bench/**/*.ts"], rules: { "@typescript-eslint/no-non-null-assertion": "off" } },
)
