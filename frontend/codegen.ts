import type { CodegenConfig } from "@graphql-codegen/cli";

const config: CodegenConfig = {
  schema: process.env.SDL ?? "../schema.graphql",
  documents: "src/**/*.graphql",
  silent: true,
  generates: {
    "src/graphql/generated/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        avoidOptionals: { field: true },
        defaultScalarType: "unknown",
        enumsAsTypes: true,
        scalars: { DateTime: "string", Decimal: "string", ID: "string", JSON: "unknown" },
        strictScalars: true,
        useTypeImports: true,
      },
    },
  },
};

export default config;
