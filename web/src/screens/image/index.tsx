import { ScreenHead } from '../../ui/screen.js';

export default function ImageScreen() {
  return <ScreenHead title="Image" />;
}
