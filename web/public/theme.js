// Before the first paint, so that the page never flashes in the other theme. The rest is in src/state/theme.ts.
try {
  const theme = localStorage.getItem('imagekin.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; the theme of the system is then the one.
}
