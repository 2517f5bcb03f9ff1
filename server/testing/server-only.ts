// Stands in for the package `server-only` outside of the bundler, where importing that package throws.
export {};
