import { ScreenHead } from '../../ui/screen.js';

export default function QualityScreen() {
  return <ScreenHead title="Quality" />;
}
