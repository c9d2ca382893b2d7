import { ScreenHead } from '../../ui/screen.js';

export default function BrowseScreen() {
  return <ScreenHead title="Browse" />;
}
