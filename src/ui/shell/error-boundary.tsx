import { Component } from 'react';
import type { ReactNode } from 'react';

interface Props { readonly children: ReactNode; readonly onForget: () => void }

/** The last resort: instead of a blank page, what happened and two ways on. */
export class ErrorBoundary extends Component<Props, { readonly failure: string }> {
  override state = { failure: '' };

  static getDerivedStateFromError(error: unknown): { failure: string } {
    return { failure: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    if (this.state.failure === '') return this.props.children;
    return (
      <main role="alert" style={{ maxWidth: 520, margin: '15vh auto', padding: 24 }}>
        <h1 style={{ fontSize: 24 }}>Orrery could not draw the page</h1>
        <p style={{ margin: '12px 0' }}>This is a defect of Orrery. It says: “{this.state.failure}”</p>
        <p style={{ display: 'flex', gap: 12 }}>
          <button type="button" onClick={() => location.reload()}>Load the page again</button>
          <button type="button" onClick={() => { this.props.onForget(); location.reload(); }}>Forget the session and load again</button>
        </p>
      </main>
    );
  }
}
