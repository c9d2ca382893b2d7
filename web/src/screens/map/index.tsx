import { ScreenHead } from '../../ui/screen.js';

export default function MapScreen() {
  return <ScreenHead title="Map" />;
}
