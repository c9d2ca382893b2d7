import { ScreenHead } from '../../ui/screen.js';

export default function SearchScreen() {
  return <ScreenHead title="Search" />;
}
