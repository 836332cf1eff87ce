/** `Menu` and its items: what the app has put into them; a spec clicks an item by its id. */

interface ItemOptions {
  readonly id?: string;
  readonly label?: string;
  readonly role?: string;
  readonly type?: string;
  readonly enabled?: boolean;
  readonly accelerator?: string;
  readonly submenu?: readonly ItemOptions[];
  readonly click?: () => void;
}

class MenuItem {
  readonly id: string | undefined;
  readonly label: string;
  readonly role: string | undefined;
  readonly enabled: boolean;
  readonly accelerator: string | undefined;
  readonly submenu: Menu | undefined;
  private readonly onClick: (() => void) | undefined;

  constructor({ id, label, role, enabled = true, accelerator, submenu, click }: ItemOptions) {
    this.id = id;
    this.label = label ?? role ?? '';
    this.role = role;
    this.enabled = enabled;
    this.accelerator = accelerator;
    this.submenu = submenu === undefined ? undefined : Menu.buildFromTemplate(submenu);
    this.onClick = click;
  }

  click = (): void => {
    if (this.enabled) this.onClick?.();
  };
}

let applicationMenu: Menu | null = null;

export class Menu {
  readonly items: readonly MenuItem[];

  constructor(items: readonly MenuItem[] = []) {
    this.items = items;
  }

  static buildFromTemplate = (template: readonly ItemOptions[]): Menu =>
    new Menu(template.map((item) => new MenuItem(item)));
  static setApplicationMenu(menu: Menu | null): void {
    applicationMenu = menu;
  }
  static getApplicationMenu = (): Menu | null => applicationMenu;

  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id);
      if (found) return found;
    }
    return null;
  }
}
