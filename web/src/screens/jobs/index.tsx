import { ScreenHead } from '../../ui/screen.js';

export default function JobsScreen() {
  return <ScreenHead title="Jobs" />;
}
