"""What the shim promises, and the tests that hold it to that; `unit/test_promises.py` checks that each is there.

A test is "unit/FILE::NAME" or "real/FILE::NAME", without `test_` and `.py`.
"""

from __future__ import annotations

SWITCH_AND_SETTINGS = {
    "The switch takes 1 true yes on, or 0 false no off and nothing, in any case and with blanks around": [
        "unit/settings::on", "unit/settings::off", "unit/settings::unset_is_off", "real/startup::on_converts",
    ],
    "Any other value of the switch is off, and one line names the variable, the value and what is accepted": [
        "unit/settings::a_bad_switch_is_off_and_named", "real/startup::misspelt_switch_is_off_and_one_line",
    ],
    "observe records the call sites and converts nothing": [
        "unit/settings::observe", "unit/install::observe_converts_nothing", "real/recording::observing_changes_no_line",
    ],
    "STYLE is lower, name, value or full": ["unit/settings::style", "unit/matrix::field", "unit/text::every_style"],
    "NUMBERS=keep keeps int and float members plain numbers in structured fields, and nothing else": [
        "unit/keep::numbers_stay_numbers_in_fields", "unit/keep::what_is_no_number_is_text_all_the_same",
        "unit/keep::numbers_are_text_in_lines",
    ],
    "KEEP leaves a class's members, and a logger's records and its children's, alone": [
        "unit/keep::a_kept_class_is_left_alone_everywhere", "unit/keep::loggers",
    ],
    "SKIP names libraries that are not wrapped": ["unit/install::skip", "unit/rendering::starlettes_state_is_skipped"],
    "TEXT names classes that render as their string in f-strings too": [
        "unit/rendering::every_way_to_render", "real/text_classes::a_class_of_aenum",
    ],
    "JSON names functions that count as a part of a log call's argument": [
        "unit/settings::functions_that_make_json",
        "unit/json_libraries::a_function_that_the_setting_names_is_part_of_the_argument",
    ],
    "SITES records the call sites in a folder or on stderr": [
        "unit/settings::where_call_sites_are_recorded", "real/recording::a_process", "real/recording::stderr",
    ],
    "DEBUG says one line for each thing wrapped, or not and why, and each kind of failure once": [
        "real/startup::debug_tells_what_is_wrapped", "real/startup::debug_tells_of_a_library_that_is_skipped",
        "unit/faults::no_record_is_lost",
    ],
    "A bad value of any setting is one line and its default, and the host starts": [
        "unit/settings::a_bad_value_gives_its_default_and_one_line",
        "real/startup::bad_value_of_a_setting_is_one_line_and_its_default",
        "real/startup::all_bad_settings_are_a_line_each",
    ],
    "No value of the environment is evaluated, imported, or shown where it is long and wrong": [
        "real/security::no_value_is_evaluated_or_imported", "real/security::a_long_value_is_not_shown",
        "real/security::check_shows_no_long_value",
    ],
}  # fmt: skip

WHICH_VALUES = {
    "Every kind of enum: plain, int, str, flags and any data mixin, and a proxy that claims such a class": [
        "unit/matrix::field", "unit/hostile::lazy_proxies", "unit/hostile::a_custom_enum_meta",
    ],
    "aenum's members, once the host has imported it": ["real/aenum::the_unit_tests_matrix"],
    "An enum class is its name": ["unit/matrix::field", "unit/matrix::text_conversions"],
    "What merely has a name and a value is left alone": ["unit/hostile::objects_that_are_no_enum_are_left_alone"],
}  # fmt: skip

WHICH_STRING = {
    "Exactly str, never a subclass": ["unit/matrix::field", "unit/text::an_authors_str_may_return_a_subclass"],
    "First what its author's __str__ gives, told from those that enum or a data type wrote": [
        "unit/text::an_authors_str_may_be_written_in_any_way",
        "unit/text::what_enum_or_the_data_type_wrote_is_no_authors_str",
    ],
    "Then a str member's own text, under any style": [
        "unit/text::a_str_member_keeps_its_text_under_an_explicit_style",
    ],
    "Then the name in lower case; of a combined flag the names in definition order, and numbers for the rest": [
        "unit/text::every_style", "unit/text::flags_with_gaps_and_pairs",
        "unit/text::regex_flags_that_python_versions_name_differently",
    ],
    "A style that is set explicitly passes over the author's __str__": [
        "unit/text::an_explicit_style_passes_over_the_authors_str",
    ],
    "A conversion that raises gives the next rule, and in the end <serialization_error>": [
        "unit/text::an_authors_str_that_fails_gives_the_next_rule", "unit/text::the_last_resort",
    ],
}  # fmt: skip

WHICH_PLACES = {
    "Fields of extra=, at any depth, keys too": [
        "unit/matrix::field", "unit/matrix::nested_field", "unit/matrix::key_in_a_field", "unit/limits::depth",
    ],
    "A dict or list as the message": ["unit/matrix::dict_as_the_message", "unit/matrix::list_as_the_message"],
    "An enum as the message; a str member is the text that it was before, and arguments fit": [
        "unit/matrix::message", "unit/matrix::message_with_arguments", "unit/messages::a_catalogue_of_formats",
        "unit/messages::a_str_member_as_the_message_is_what_it_was_under_every_style",
    ],
    "% arguments of text conversions": ["unit/matrix::text_conversions", "unit/matrix::container_as_an_argument"],
    "% arguments of numeric conversions and * stay plain numbers": [
        "unit/matrix::numeric_conversions", "unit/matrix::integer_conversions_and_widths",
        "unit/percent::a_line_with_members_is_the_line_with_their_numbers",
        "unit/percent_corpus::a_format", "real/fuzz::formats_are_read_as_cpython_reads_them",
        "real/servers::uvicorns_access_log_is_the_same",
    ],
    "A mapping as the argument, by key; a key that is used both ways stays a number": [
        "unit/matrix::mapping_as_the_argument", "unit/matrix::number_in_a_mapping",
        "unit/matrix::key_that_is_used_both_ways_stays_a_number",
    ],
    "Arguments without a placeholder": ["unit/matrix::argument_without_a_placeholder"],
    "A message object with a __str__ of its own is left alone, and read only for a number-valued enum": [
        "unit/messages::a_message_object_is_left_alone_and_asked_as_often_as_before",
        "unit/messages::the_format_of_a_message_object_is_read_for_numbers",
    ],
    "levelno is a plain int, and the level's name that of this int": [
        "unit/levels::a_known_level", "unit/levels::a_level_without_a_name", "unit/levels::thresholds_are_as_before",
    ],
    "Names of fields that are enums, never over an attribute, and no field is dropped": [
        "unit/names::a_name", "unit/names::no_attribute_of_the_record_is_overwritten",
        "unit/names::nothing_is_dropped_where_names_collide",
    ],
    "What a filter, a record factory or a Logger subclass adds, before a handler or a later filter reads it": [
        "unit/matrix::filter", "unit/matrix::record_factory", "unit/matrix::make_record_of_a_logger_class",
        "unit/filters::a_later_filter_is_shown_text_too",
    ],
    "Records that no Logger made": [
        "unit/matrix::record_that_no_logger_made", "unit/matrix::record_of_a_queue_listener",
        "unit/records::records_that_no_logger_made",
    ],
    "A record's own attributes, times, source and the like are never touched": [
        "unit/host::what_belongs_to_the_record_is_not_touched", "unit/host::a_record_has_no_additional_attributes",
    ],
    "Starlette's WebSocketState renders as its string in f-strings, str() and format()": [
        "unit/rendering::starlettes_state", "real/servers::f_strings_of_an_application",
    ],
    "In a log call's argument a container shows such a class's member as its string, and repr elsewhere is as before": [
        "unit/repr_in_log_calls::repr_in_an_argument", "unit/repr_in_log_calls::repr_elsewhere",
    ],
    "JSON made in a log call's argument has an enum's string where it raised": [
        "unit/json_in_log_calls::json_in_an_argument", "unit/json_in_log_calls::json_in_an_argument_with_an_await",
        "unit/log_call_source::a_module_in_an_archive", "unit/log_call_source::a_cell_of_a_notebook",
        "unit/json_libraries::loguru", "unit/json_libraries::structlog", "unit/json_libraries::simplejson",
        "real/json_in_log_calls::the_incident_as_it_was", "real/json_in_log_calls::an_argument",
    ],
    "JSON made elsewhere, or where that can't be known, raises as before": [
        "unit/json_in_log_calls::json_elsewhere",
        "unit/log_call_source::a_source_that_was_changed_after_it_was_loaded",
        "unit/log_call_source::a_source_that_was_deleted", "real/json_in_log_calls::elsewhere_it_raises_as_before",
        "real/json_in_log_calls::without_a_source_it_raises_as_before",
    ],
    "JSON that would not have raised costs nothing more": [
        "real/json_in_log_calls::json_that_does_not_raise_runs_the_same_code",
        "real/json_in_log_calls::json_that_does_not_raise_costs_what_it_did",
    ],
    "The usual containers keep their type, in any nesting": [
        "unit/containers::sequences", "unit/containers::sets", "unit/containers::mappings",
        "unit/properties::types_lengths_and_order_are_kept",
    ],
    "Their subclasses keep it in fields, and are left alone as % arguments": [
        "unit/containers::a_subclass_keeps_its_attributes_and_its_code_does_not_run",
        "unit/arguments::a_hosts_own_container_renders_itself",
    ],
    "Every other object is left alone": ["unit/containers::every_other_object_is_left_alone"],
    "Of two keys or items that would be equal, the enum (of two, the later) is written in full": [
        "unit/keys::keys_that_would_become_equal", "unit/keys::of_two_enums_the_later_is_written_in_full",
        "unit/keys::set_items_that_would_become_equal", "unit/properties::no_key_and_no_item_is_dropped",
    ],
    "A cycle, any depth, and what another thread changes: the record is emitted": [
        "unit/limits::cycles", "unit/limits::depth", "unit/limits::a_structure_that_another_thread_changes",
        "real/concurrency::each_record_comes_out_once",
    ],
}  # fmt: skip

WHAT_NEVER_CHANGES = {
    "A structure without an enum is the same object; with one it is copied only along the path": [
        "unit/containers::without_an_enum_it_is_the_same_object",
        "unit/containers::only_the_path_to_an_enum_is_copied", "unit/properties::a_sibling_is_the_same_object",
    ],
    "The look for a log call keeps nothing alive, and is bounded": [
        "unit/log_call_harm::a_local_variable_is_let_go", "unit/log_call_harm::nothing_of_a_call_is_kept",
        "unit/log_call_harm::what_is_remembered_is_bounded",
    ],
    "What a signal handler raises goes through the look for a log call, and leaves nothing behind": [
        "unit/log_call_harm::an_exception_that_passes_through_goes_on",
        "unit/log_call_harm::an_exception_at_any_line_of_ours_goes_on_and_leaves_nothing_behind",
    ],
    "Nothing that the host owns is mutated": [
        "unit/containers::the_dict_of_extras_is_not_mutated", "unit/properties::nothing_is_mutated",
    ],
    "Outside of log calls an enum stays itself": [
        "unit/rendering::it_stays_itself", "unit/rendering::json_is_as_before",
    ],
    "A line without an enum is byte for byte the same": [
        "unit/host::a_line_without_an_enum_is_the_same",
        "real/hosts::google_cloud_logging_without_an_enum_writes_the_same",
        "real/hosts::python_json_logger_without_an_enum_writes_the_same_bytes",
        "real/cpython_logging::logging_has_the_outcomes_that_it_has_without_the_shim",
        "unit/stateful::TestLibraries",
    ],
    "File, line, function and stacklevel name the host's code": [
        "unit/host::file_line_and_function_are_the_hosts", "unit/host::stacklevel_and_every_method",
    ],
    "What the host raises it still raises, and the original is called exactly once": [
        "unit/host::what_a_handler_raises_goes_through",
        "unit/host::what_a_factory_raises_goes_through_and_it_is_called_once",
        "unit/filters::each_filter_is_called_once_with_the_same_record",
        "unit/filters::what_a_filter_raises_goes_through", "unit/faults::what_ends_the_process_goes_through",
    ],
    "The host always starts": [
        "unit/faults::an_installation_raises_nothing_and_leaves_nothing",
        "real/startup::missing_wrapt_is_one_line_and_the_host_runs",
        "real/startup::error_inside_the_shim_is_one_line", "real/hostile_hosts::a_host_with_options",
    ],
    "No exception of the shim reaches it, in an import or in a log call": [
        "unit/faults::the_import_of_a_wrapped_module_goes_on", "unit/faults::no_record_is_lost",
        "unit/faults::no_record_is_lost_while_sites_are_recorded", "unit/faults::a_class_is_rendered",
        "unit/faults::an_entry_is_written",
    ],
    "No record is lost under load, and nothing grows": ["real/load::load", "real/soak::soak"],
    "uninstall() puts back exactly what was there, and only what is still ours": [
        "unit/install::install_and_uninstall_leave_the_originals",
        "unit/install::a_wrapper_that_somebody_put_over_ours_stays",
        "unit/install::a_record_factory_that_is_set_later_stays",
    ],
}  # fmt: skip

PROMISES = {
    **SWITCH_AND_SETTINGS, **WHICH_VALUES, **WHICH_STRING, **WHICH_PLACES, **WHAT_NEVER_CHANGES,
}  # fmt: skip
