export default {
  rights: {
    overtaken: {
      title: "Somebody else has saved these settings meanwhile",
      text: "What you changed here has not been saved. Load the new settings, then make your changes again.",
      action: "Load the new settings",
    },
    results: {
      allDone: "Saved for the other shops",
      someFailed: "Not every shop could be changed",
      done: "Saved.",
    },
    targets: {
      none: "No other shop is connected.",
      notDelegated: "Its owner has not given you the right to change its settings.",
      more: "Show more shops",
      chosen_one: "{{count}} shop chosen",
      chosen_other: "{{count}} shops chosen",
    },
    others: {
      title: "Change other shops in the same way",
      text: "Only what you have edited is saved there. Everything else stays as it is.",
    },
    copy: {
      menu: "Copy settings to…",
      title: "Copy the settings of {{shop}}",
      what: "All sync settings are copied and replace those of the chosen shops.",
      money: "A shop with another currency keeps its own conversion rate, fixed amount and ending.",
      locations: "Location mappings are not copied, since every shop has its own locations.",
      to: "Copy to",
      alone: "Settings can be copied as soon as a second shop follows this one.",
      startSync: "Sync these shops right away",
      startSyncHelp:
        "Otherwise the settings apply from the next change on; a shop that was never synced waits for its first sync. The safety limits apply either way.",
      action: "Copy settings",
      close: "Close",
    },
    fieldGroup: {
      texts: "Texts and search engines",
      media: "Images and videos",
      organisation: "Organization",
      variants: "Variants",
      inventory: "Inventory and taxes",
      shipping: "Shipping and customs",
      metafields: "More data",
    },
    rate: {
      changed:
        "The rate {{rate}} was set for other currencies. The main shop now sells in {{from}}, the dependent shop in {{to}}; prices are not synced until you confirm or change it.",
      use: "Use this rate for {{from}} → {{to}}",
    },
    stockExample: "With {{main}} pieces in the main shop, the dependent shop shows {{shown}}.",
    example: {
      price: "Price in the main shop",
      step: {
        rate: "Converted",
        percent: "Percentage",
        amount: "Fixed amount",
        ending: "Nearest ending",
        rounding: "Rounded to the smallest coin",
      },
    },
    pause: {
      pause: "Pause",
      resume: "Resume",
      askTitle: "Pause the sync to {{shop}}?",
      askText:
        "Nothing is sent while it is paused, and jobs under way stop. Nothing gets lost: what changes meanwhile is noted and arrives when you resume.",
      paused: "Paused",
      resumed: "The sync continues",
      resumedAndSyncing: "The sync continues and catches up",
      bannerTitle: "Paused by {{shop}}",
      bannerText: "Nothing is sent. What changes meanwhile is noted and arrives when you resume.",
      bannerOther: "Nothing is sent. Only {{shop}} can resume; what changes meanwhile arrives then.",
    },
    disconnect: {
      ends: "Nothing is synced any more, and jobs under way stop. The main shop no longer acts for the dependent one, if it was allowed to.",
      stays: "What stays",
      products: "All products stay as they are.",
      links: "The links between products are kept.",
      settings: "Sync settings and location mappings are kept.",
      again: "Connecting the same two shops again continues all of this where it stopped.",
    },
    address: {
      main: "Main shop:",
      dependent: "Dependent shop:",
    },
    delegation: {
      title: "Let the main shop act for this shop",
      on: "Allowed",
      off: "Off",
      textOff:
        "For now, only this shop changes its settings and decides. If you allow it, {{main}} may as well:",
      textOn: "{{main}} may do for this shop what you may:",
      settings: "change sync settings and location mappings, and copy settings from other shops",
      held: "decide on changes that wait, and on products that can't be matched",
      undo: "undo changes, repair differences, keep values local, and resume what you have paused",
      never:
        "You keep all of these rights, and you can end this at any moment. It also ends when the shops are disconnected.",
      give: "Allow it",
      take: "Take it back",
      given: "{{main}} may act for this shop now",
      taken: "{{main}} may no longer act for this shop",
      askTitle: "Let {{main}} act for this shop?",
      askText:
        "People and programs of {{main}} can then change what is synced here, prices and stock included. You can take this back at any moment.",
      asMain: "{{shop}} lets you act for it: you change its settings here.",
    },
    actionsOf: "Actions for {{shop}}",
    locations: {
      ofDependent: "You change the mappings of {{shop}}.",
      readOnly: "Only {{shop}} can change them. Ask its owner for changes.",
      defaultText:
        "Without a mapping, the default locations of both shops are used. The first mapping replaces this.",
      add: "Add mapping",
      allMapped: "Every open location of the main shop is mapped.",
      closed_one: "{{names}} is deactivated in Shopify and can't be chosen.",
      closed_other: "{{names}} are deactivated in Shopify and can't be chosen.",
      gone: "Deleted location",
      inactive: "Not active",
      inactiveMain:
        "The main shop's location is not active, so it counts for nothing. If no other one feeds the target, its stock is left as it is.",
      inactiveDependent:
        "The dependent shop's location is not active. Its stock is left as it is until it is active again or you choose another one.",
      changeOf: "Change the mapping of {{main}}",
      remove: "Stock of this location no longer counts. The other mappings stay.",
      removeLast:
        "This is the last mapping: from then on the default locations of both shops are used again.",
      removeAction: "Remove",
    },
  },
};
