export default {
    base: './',
    build: { outDir: 'dist', rollupOptions: { input: 'bundled.html' } },
};
