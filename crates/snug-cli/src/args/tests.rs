use super::*;
use clap::CommandFactory;
use clap::error::ErrorKind;

fn parse(line: &str) -> Result<Cli, ErrorKind> {
    let words = line.split(' ').map(|word| word.replace('_', " "));
    Cli::try_parse_from(std::iter::once("snug".to_owned()).chain(words)).map_err(|error| error.kind())
}

/// The help of a command and of all commands below it.
fn help(command: &mut clap::Command, name: &str, all: &mut String) {
    all.extend([format!("$ {name} --help\n{}\n", command.render_long_help())]);
    let below: Vec<String> = command.get_subcommands().map(|below| below.get_name().to_owned()).collect();
    for word in below {
        if word != "help"
            && let Some(below) = command.find_subcommand_mut(&word)
        {
            help(below, &format!("{name} {word}"), all);
        }
    }
}

#[test]
fn help_is_what_it_was() {
    let mut command = Cli::command().term_width(100);
    command.build();
    let mut all = String::new();
    help(&mut command, "snug", &mut all);
    insta::assert_snapshot!(all);
}

#[test]
fn every_command_of_the_surface_parses() {
    Cli::command().debug_assert();
    for line in [
        "init --name Anna",
        "up",
        "up --for 30s --dial 127.0.0.1:4001 --dial [::1]:4001",
        "circle found Reading",
        "circle found Reading --kind life",
        "me",
        "me --name Anna",
        "me --name Anna --in Reading",
        "network",
        "network off",
        "circle list",
        "circle rename Reading Reading_aloud",
        "circle leave Reading",
        "invite Reading",
        "invite Reading --expires 7d --no-confirm",
        "invite list Reading",
        "invite withdraw Reading 3fa9",
        "invite confirm Reading Ben",
        "join snug:abc",
        "join - --as Ben --wait 60s --dial 127.0.0.1:4001",
        "join --forget 3fa9",
        "people Reading",
        "note new Reading Walk",
        "note new Reading Walk --file -",
        "note list Reading",
        "note show Reading Walk --format json",
        "note edit Reading Walk --file walk.md",
        "note append Reading Walk -_milk",
        "note append Reading Walk --soon",
        "plan new Reading Coffee",
        "plan new Reading Coffee --at 2026-12-01T18:00 --zone Europe/Budapest --place At_Eva’s",
        "plan list Reading",
        "plan show Reading Coffee",
        "plan answer Reading Coffee if-need-be",
        "status",
        "status Reading",
        "export Reading out",
    ] {
        for line in [
            line.to_owned(),
            format!("--json --data x --interfaces lo,eth0 {line}"),
            format!("{line} --json"),
        ] {
            assert!(parse(&line).is_ok(), "{line}: {:?}", parse(&line));
        }
    }
}

#[test]
fn what_was_typed_arrives() {
    let cli = parse("invite --json Reading --expires 2h --interfaces lo,eth0").unwrap();
    assert!(cli.common.json);
    assert_eq!(cli.common.interfaces, Some(vec!["lo".to_owned(), "eth0".to_owned()]));
    let Command::Invite(invite) = cli.command else { panic!("{:?}", cli.command) };
    assert_eq!((invite.circle.as_deref(), invite.expires.as_secs()), (Some("Reading"), 7200));
    assert!(!invite.no_confirm && invite.command.is_none());
    let Command::Note(NoteCommand::Append { text, .. }) =
        parse("note append R W -_milk --json").unwrap().command
    else {
        panic!("no append")
    };
    assert_eq!(text, "- milk");
}

#[test]
fn a_circle_called_like_a_command_can_be_invited_to() {
    let Command::Invite(invite) = parse("invite -- list").unwrap().command else { panic!("no invite") };
    assert_eq!((invite.circle.as_deref(), invite.command.is_none()), (Some("list"), true));
}

#[test]
fn wrong_usage_is_told() {
    for (line, kind) in [
        ("frobnicate", ErrorKind::InvalidSubcommand),
        ("init", ErrorKind::MissingRequiredArgument),
        ("invite", ErrorKind::MissingRequiredArgument),
        ("me --in Reading", ErrorKind::MissingRequiredArgument),
        ("network away", ErrorKind::InvalidValue),
        ("up --for 30", ErrorKind::ValueValidation),
        ("up --dial nowhere", ErrorKind::ValueValidation),
        ("--interfaces lo,, status", ErrorKind::InvalidValue),
        ("plan new R C --at 2026-12-01T18:00", ErrorKind::MissingRequiredArgument),
        ("plan new R C --at tomorrow --zone Europe/Budapest", ErrorKind::ValueValidation),
        ("plan new R C --zone Europe/Budapest", ErrorKind::MissingRequiredArgument),
        ("plan answer R C maybe", ErrorKind::InvalidValue),
        ("note edit R W", ErrorKind::MissingRequiredArgument),
        ("join", ErrorKind::MissingRequiredArgument),
        ("join snug:abc --forget 3fa9", ErrorKind::ArgumentConflict),
        ("join snug:abc --passphrase secret", ErrorKind::UnknownArgument),
        ("circle found R --kind work", ErrorKind::InvalidValue),
    ] {
        assert_eq!(parse(line).map(|_| ()), Err(kind), "{line}");
    }
}
