import { ScreenHead } from '../../ui/screen.js';

export default function DuplicatesScreen() {
  return <ScreenHead title="Duplicates" />;
}
