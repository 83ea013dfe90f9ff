export default {
    base: './',
    build: { outDir: 'dist', rollupOptions: { input: 'bundled.html' } },
    // As the README of the package says.
    optimizeDeps: { exclude: ['swap-pager'] },
};
